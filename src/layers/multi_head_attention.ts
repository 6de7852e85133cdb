/** Several attentions side by side, each on projections of its own (Vaswani et al. 2017), Keras' `MultiHeadAttention`. */
import { withDefaults } from '../defaults.ts';
import { mul } from '../ops/map.ts';
import { matmul } from '../ops/matmul.ts';
import { expandDims, reshape, transpose } from '../ops/shape.ts';
import { sizeOf } from '../tensor.ts';
import type { Shape, Tensor, Variable } from '../tensor.ts';
import { AttentionLayer } from './attention_layer.ts';
import type { AttentionInputs, AttentionLayerOptions } from './attention_layer.ts';
import { attentionWeights } from './attention_weights.ts';
import type { CallContext, Config } from './base.ts';
import { configOf } from './initializer_options.ts';
import type { InitializerOption } from './initializer_options.ts';
import { withKnownOptions } from './known_options.ts';
import { knownFeatures, positiveInteger } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** The options of `layers.multiHeadAttention`. */
export interface MultiHeadAttentionOptions extends AttentionLayerOptions {
  /** Features of a head's value; `keyDim` where it is left out. */
  valueDim?: number;
  /** Whether the four projections have biases; true. */
  useBias?: boolean;
  /** Features of the output, or its shape without batch and time; those of the query where it is left out. */
  outputShape?: number | readonly number[] | null;
  /** How the kernels of the four projections begin; `glorotUniform` by default. */
  kernelInitializer?: InitializerOption;
  /** How their biases begin; `zeros` by default. */
  biasInitializer?: InitializerOption;
}
export type MultiHeadAttentionConfig = MultiHeadAttentionOptions & {
  numHeads: number;
  keyDim: number;
};

/** A projection: of x [..., inputs], kernel [inputs, heads, width] and bias [heads, width]. */
interface Projection {
  readonly kernel: Variable;
  readonly bias: Variable | null;
}
type ProjectionName = 'query' | 'key' | 'value' | 'attention_output';

/**
 * For each head softmax(q · kᵀ / √keyDim) · v, where q, k and v are projections of query, key and value; then a projection of all heads.
 * Output [batch, Tq, ...outputShape]; with `returnAttentionScores` also the weights, [batch, heads, Tq, Tv]. The attention is over the time,
 * axis 1; Keras' `attention_axes`, for inputs of more axes, is not there.
 *
 * Masks of the query, the value and the key and `attentionMask` hide pairs of steps; the query's is that of the output. A query that sees
 * nothing gets the mean of all values.
 *
 * Weights: query/kernel [features, heads, keyDim], query/bias [heads, keyDim]; key and value alike; attention_output/kernel [heads,
 * valueDim, ...outputShape], attention_output/bias [...outputShape].
 */
export class MultiHeadAttention extends AttentionLayer {
  static override readonly className: string = 'MultiHeadAttention';
  /** Number of heads. */
  readonly numHeads: number;
  /** Width of a head's queries and keys. */
  readonly keyDim: number;
  /** Width of a head's values. */
  readonly valueDim: number;
  /** Whether the products have a bias. */
  readonly useBias: boolean;
  /** Without batch and time; null for the features of the query. */
  readonly outputShape: Shape | null;
  private readonly initializers: Record<'kernelInitializer' | 'biasInitializer', InitializerOption>;
  private projections: Record<ProjectionName, Projection> | null = null;

  constructor(config: MultiHeadAttentionConfig) {
    super(config);
    const positive = (what: string, value: number): number =>
      positiveInteger(this.name, what, value);
    this.numHeads = positive('numHeads', config.numHeads);
    this.keyDim = positive('keyDim', config.keyDim);
    this.valueDim = positive('valueDim', config.valueDim ?? this.keyDim);
    this.useBias = config.useBias ?? true;
    const given = config.outputShape ?? null;
    this.outputShape =
      given === null ? null : [given].flat().map((extent) => positive('outputShape', extent));
    this.initializers = withDefaults(config, {
      kernelInitializer: 'glorotUniform',
      biasInitializer: 'zeros',
    });
  }

  protected override checkFeatures(...features: [number, number, number]): void {
    const built = this.projections;
    if (!built) return;
    const kernels = [built.query, built.value, built.key].map(({ kernel }) => kernel.shape[0]);
    if (features.some((width, i) => width !== kernels[i]))
      throw new Error(
        `${this.name}: expected a query, a value and a key of ${kernels.join(', ')} features, as it was built for, got ${features.join(', ')}; use another layer for another width`,
      );
  }

  override computeOutputShapes(shapes: readonly PartialShape[]): PartialShape[] {
    const [[batch, steps, features], [, seen]] = shapes;
    const output = [batch, steps, ...(this.outputShape ?? [features])];
    if (!this.returnAttentionScores) return [output];
    return [output, [batch, this.numHeads, steps, seen]];
  }

  protected override build([query, value]: readonly PartialShape[]): void {
    const { numHeads, keyDim, valueDim } = this;
    const features = knownFeatures(this.name, query);
    const ofValue = knownFeatures(this.name, value);
    const out = this.outputShape ?? [features];
    this.projections = {
      query: this.addProjection('query', [features], [numHeads, keyDim]),
      key: this.addProjection('key', [this.keyFeatures ?? ofValue], [numHeads, keyDim]),
      value: this.addProjection('value', [ofValue], [numHeads, valueDim]),
      attention_output: this.addProjection('attention_output', [numHeads, valueDim], out),
    };
  }

  private addProjection(name: string, from: Shape, to: Shape): Projection {
    const { kernelInitializer, biasInitializer } = this.initializers;
    const options = { halvable: true };
    return {
      kernel: this.addWeight(`${name}/kernel`, [...from, ...to], kernelInitializer, options),
      bias: this.useBias ? this.addWeight(`${name}/bias`, to, biasInitializer) : null,
    };
  }

  /** x [batch, time, features] to [batch, heads, time, width]. */
  private heads(x: Tensor, { kernel, bias }: Projection): Tensor {
    const [features, heads, width] = kernel.shape;
    const flat = matmul(x, reshape(kernel, [features, heads * width]), {
      bias: bias && reshape(bias, [-1]),
    });
    return transpose(reshape(flat, [x.shape[0], x.shape[1], heads, width]), [0, 2, 1, 3]);
  }

  protected override attend(given: AttentionInputs, context: CallContext): [Tensor, Tensor] {
    const { queryMask, valueMask, keyMask } = given;
    const { query, key, value, attention_output: out } = this.projections!;
    const scaled = mul(this.heads(given.query, query), 1 / Math.sqrt(this.keyDim));
    const scores = matmul(scaled, this.heads(given.key, key), { transposeB: true });
    const pairs = this.visible(scores, given, [valueMask, keyMask]);
    const rows = queryMask && expandDims(queryMask, 2);
    const visible = pairs && rows ? mul(pairs, rows) : (pairs ?? rows);
    const everyHead = visible && (visible.rank === 3 ? expandDims(visible, 1) : visible);
    const weights = attentionWeights(scores, everyHead);
    const seen = matmul(this.drop(weights, context), this.heads(given.value, value));
    const [batch, heads, steps, width] = seen.shape;
    const rowsOfHeads = reshape(transpose(seen, [0, 2, 1, 3]), [batch, steps, heads * width]);
    const shape = out.kernel.shape.slice(2);
    const output = matmul(rowsOfHeads, reshape(out.kernel, [heads * width, sizeOf(shape)]), {
      bias: out.bias && reshape(out.bias, [-1]),
    });
    return [reshape(output, [batch, steps, ...shape]), weights];
  }

  override getConfig(): Config {
    const { numHeads, keyDim, valueDim, useBias, outputShape, initializers } = this;
    const sizes = { numHeads, keyDim, valueDim, useBias, outputShape };
    return { ...super.getConfig(), ...sizes, ...configOf(initializers) };
  }
}

/**
 * Several attentions side by side, each on projections of its own (Vaswani et al. 2017), Keras' `MultiHeadAttention`.
 * Inputs: a list `[query, value]` or `[query, value, key]`; self-attention is `apply([x, x])`. Output [B, Tq, features
 * of the query], or `outputShape`.
 *
 * @param numHeads attentions side by side
 * @param keyDim features of a query and of a key of each
 * @throws Error naming the layer where a size is no positive whole number, or the inputs do not go together
 */
export function multiHeadAttention(
  numHeads: number,
  keyDim: number,
  options: MultiHeadAttentionOptions = {},
): MultiHeadAttention {
  return withKnownOptions(new MultiHeadAttention({ ...options, numHeads, keyDim }), options);
}
