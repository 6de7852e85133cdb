/** Attention by products of a query and keys (Luong et al. 2015), Keras' `Attention`. */
import { where } from '../ops/compare.ts';
import { add, mul } from '../ops/map.ts';
import { tanh } from '../ops/activations.ts';
import { matmul } from '../ops/matmul.ts';
import { sum } from '../ops/reduce.ts';
import { expandDims } from '../ops/shape.ts';
import type { Tensor, Variable } from '../tensor.ts';
import { AttentionLayer } from './attention_layer.ts';
import type { AttentionInputs, AttentionLayerOptions } from './attention_layer.ts';
import { attentionWeights } from './attention_weights.ts';
import type { CallContext, Config } from './base.ts';
import { withKnownOptions } from './known_options.ts';
import { oneOf } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

const SCORE_MODES = ['dot', 'concat'] as const;

/** The options of `layers.attention`. */
export interface AttentionOptions extends AttentionLayerOptions {
  /** Whether a trained number, which begins at 1, scales the scores; false. */
  useScale?: boolean;
  /** `dot` (default): query · key; `concat`: the sum over tanh(query + key), times a trained number. */
  scoreMode?: (typeof SCORE_MODES)[number];
}

/**
 * softmax(query · keyᵀ) · value. Output [batch, Tq, features of the value]; with `returnAttentionScores` also the weights, [batch, Tq, Tv].
 *
 * The value's mask hides steps of it. The query's mask makes outputs zero and is that of the output; the key's is not asked, as in Keras. A
 * query that sees nothing gets the mean of all values. Weights: scale [] with `useScale`, concat_score_weight [] with `concat`.
 */
export class Attention extends AttentionLayer {
  static override readonly className: string = 'Attention';
  /** Whether a trained number scales the scores. */
  readonly useScale: boolean;
  /** How a query and a key are compared. */
  readonly scoreMode: (typeof SCORE_MODES)[number];
  /** Once built; null without one. */
  protected scale: Variable | null = null;
  private scoreWeight: Variable | null = null;

  constructor(config: AttentionOptions = {}) {
    super(config);
    this.useScale = config.useScale ?? false;
    this.scoreMode = oneOf(this.name, 'scoreMode', config.scoreMode ?? 'dot', SCORE_MODES);
  }

  protected override checkFeatures(query: number, _: number, key: number): void {
    if (query === key) return;
    throw new Error(
      `${this.name}: expected a query and a key with as many features, got ${query} and ${key}; put a dense layer before one of them`,
    );
  }

  protected override build(_: readonly PartialShape[]): void {
    if (this.useScale) this.scale = this.addWeight('scale', [], 'ones');
    if (this.scoreMode === 'concat')
      this.scoreWeight = this.addWeight('concat_score_weight', [], 'ones');
  }

  /** [batch, Tq, Tv] */
  protected scoresOf(query: Tensor, key: Tensor): Tensor {
    const scaled = (x: Tensor): Tensor => (this.scale ? mul(x, this.scale) : x);
    if (!this.scoreWeight) return scaled(matmul(query, key, { transposeB: true }));
    const joined = add(expandDims(query, 2), expandDims(key, 1));
    return mul(sum(tanh(scaled(joined)), { axis: -1 }), this.scoreWeight);
  }

  protected override attend(given: AttentionInputs, context: CallContext): [Tensor, Tensor] {
    const { query, value, key, queryMask, valueMask } = given;
    const scores = this.scoresOf(query, key);
    const seen = attentionWeights(scores, this.visible(scores, given, [valueMask]));
    const weights = this.drop(seen, context);
    const output = matmul(weights, value);
    return [queryMask ? where(expandDims(queryMask, -1), output, 0) : output, weights];
  }

  override getConfig(): Config {
    const { useScale, scoreMode } = this;
    return { ...super.getConfig(), useScale, scoreMode };
  }
}

/**
 * Attention by products of a query and keys (Luong et al. 2015), Keras' `Attention`: softmax(query · keyᵀ) · value.
 * Inputs: a list `[query, value]` or `[query, value, key]`, [B, Tq, D], [B, Tv, F] and [B, Tv, D]. Output [B, Tq, F];
 * with `returnAttentionScores` also the weights, [B, Tq, Tv].
 *
 * @throws Error naming the layer where the inputs do not go together
 * @example
 * ```js
 * const encoded = layers.input({ shape: [null, 8] });
 * const decoded = layers.input({ shape: [null, 8] });
 * const context = layers.attention().apply([decoded, encoded]); // what each step of the decoder sees of the encoder
 * ```
 */
export function attention(options: AttentionOptions = {}): Attention {
  return withKnownOptions(new Attention(options), options);
}
