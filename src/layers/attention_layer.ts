/** What attention layers have in common: a query, a value and a key, their masks, and dropout of the weights. */
import { check, checkNames, LIST } from '../options.ts';
import type { DType } from '../backend.ts';
import { dropout, dropoutRate } from '../ops/dropout.ts';
import { mul } from '../ops/map.ts';
import { expandDims } from '../ops/shape.ts';
import type { Tensor } from '../tensor.ts';
import { causalMask } from './attention_weights.ts';
import { Layer, SymbolicTensor } from './base.ts';
import type { CallContext, Config, LayerConfig } from './base.ts';
import type { Structure } from './nested.ts';
import { checkInputs, fits, show } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** The options that all attention layers share. */
export interface AttentionLayerOptions extends LayerConfig {
  /** Share of the weights that is dropped in training; 0. */
  dropout?: number;
  /** Of dropout; follows from the model's seed where it is left out. */
  seed?: number;
  /** Whether a step of the query sees no later step of the value; false. In Keras an argument of the call. */
  useCausalMask?: boolean;
  /** Whether the weights follow the output, as a second one; false. In Keras an argument of the call. */
  returnAttentionScores?: boolean;
}

/** What `apply` takes beside the inputs. */
export interface AttentionApplyOptions {
  /**
   * `[queryMask, valueMask]`, of `multiHeadAttention` also the key's: int32 [batch, steps], 1 where a step counts. Each counts in place of
   * the mask that the input carries; null leaves that. A mask on its own is the query's.
   */
  mask?: SymbolicTensor | null | readonly (SymbolicTensor | null)[];
  /** int32 [batch, Tq, Tv]: 1 where a step of the query may see a step of the value. */
  attentionMask?: SymbolicTensor | null;
}

/** The inputs of a call by what they are, with the masks that count. */
export interface AttentionInputs {
  readonly query: Tensor;
  readonly value: Tensor;
  readonly key: Tensor;
  readonly queryMask: Tensor | null;
  readonly valueMask: Tensor | null;
  readonly keyMask: Tensor | null;
  readonly attentionMask: Tensor | null;
}

/**
 * Inputs `[query, value]` or `[query, value, key]`: [batch, Tq, features], [batch, Tv, features] and [batch, Tv, features]; the key is the
 * value where it is left out. Masks that `apply` is given follow them as further inputs.
 */
export abstract class AttentionLayer extends Layer {
  /** The part of the weights that becomes 0 in training. */
  readonly dropout: number;
  /** Of the random numbers; undefined: it follows from the model's seed. */
  readonly seed: number | undefined;
  /** Whether a step sees only steps up to its own. */
  readonly useCausalMask: boolean;
  /** Whether the weights are an output too. */
  readonly returnAttentionScores: boolean;
  /** @internal */
  override readonly applyNames = ['mask', 'attentionMask'];
  /** Features of the key, known once the layer was applied: shapes alone do not tell a key from a mask. */
  protected keyFeatures: number | null = null;

  constructor(config: AttentionLayerOptions) {
    super(config);
    this.dropout = dropoutRate(this.name, config.dropout ?? 0, 'dropout');
    this.seed = config.seed;
    this.useCausalMask = config.useCausalMask ?? false;
    this.returnAttentionScores = config.returnAttentionScores ?? false;
  }

  /** What is seen, by query, value and key. @returns the output, and the weights @internal */
  protected abstract attend(
    given: AttentionInputs,
    context: CallContext,
  ): [output: Tensor, scores: Tensor];

  /** Without the batch, of query, value and key; throws where they do not go together. */
  protected abstract checkFeatures(query: number, value: number, key: number): void;

  // ---- in a stream --------------------------------------------------------------------------------------------------

  /** A step of the output follows from that of the query and from the whole value, unless steps are counted. */
  override get usedAxes(): readonly number[] | null {
    return this.useCausalMask ? null : [];
  }
  /** Value, key and masks. */
  override get wholeInputs(): readonly number[] {
    return this.useCausalMask ? [] : [1, 2, 3, 4, 5];
  }

  // ---- inputs -------------------------------------------------------------------------------------------------------

  override apply<R extends SymbolicTensor | SymbolicTensor[] = SymbolicTensor>(
    inputs: Structure<SymbolicTensor>,
    options: AttentionApplyOptions = {},
  ): R {
    checkNames(this.name, options, this.applyNames);
    const { mask = null, attentionMask = null } = options;
    const [queryMask = null, valueMask = null, keyMask = null] =
      mask instanceof SymbolicTensor ? [mask] : check(this.name, 'mask', mask ?? [], LIST);
    if (keyMask && !valueMask)
      throw new Error(
        `${this.name}: expected the value's mask beside the key's, got that of the key alone; give mask: [queryMask, valueMask, keyMask]`,
      );
    const masks = [valueMask, keyMask, attentionMask].filter((one) => one !== null);
    const sequences = [inputs].flat() as unknown as SymbolicTensor[];
    return super.apply<R>([...sequences, ...masks], { mask: queryMask });
  }

  protected override checkInputs(shapes: readonly PartialShape[], dtypes: readonly DType[]): void {
    const { name } = this;
    const masked = dtypes.indexOf('int32');
    const count = masked < 0 ? dtypes.length : masked;
    if (count < 2 || count > 3)
      throw new Error(
        `${name}: expected float32 inputs [query, value] or [query, value, key], got ${dtypes.map((dtype, i) => dtype + show(shapes[i])).join(', ')}; apply it to a list of them`,
      );
    const spec = { dtype: 'float32', rank: 3, count, layout: '[batch, time, features]' } as const;
    checkInputs(name, spec, shapes.slice(0, count), dtypes.slice(0, count));
    const [query, value, key = value] = shapes.slice(0, count);
    if (!fits(query.slice(0, 1), value.slice(0, 1)) || !fits(value.slice(0, 2), key.slice(0, 2)))
      throw new Error(
        `${name}: expected a query, a value and a key of one batch, and the value and the key with as many steps, got ${[query, value, key].map(show).join(', ')}`,
      );
    for (const shape of shapes.slice(count)) {
      const steps = [...value.slice(0, 2)];
      const pairs = [query[0], query[1], value[1]];
      if (!fits(shape, steps) && !fits(shape, pairs))
        throw new Error(
          `${name}: expected masks int32${show(steps)} of the value and the key, or int32${show(pairs)} of pairs of steps, got ${show(shape)}; 1 where a step is seen, 0 where it is not`,
        );
    }
    const features = [query, value, key].map((shape) => shape[2]);
    if (!features.includes(null)) this.checkFeatures(...(features as [number, number, number]));
    this.keyFeatures ??= features[2];
  }

  private given(inputs: readonly Tensor[], masks: readonly (Tensor | null)[]): AttentionInputs {
    const [query, value, other] = inputs.filter(({ dtype }) => dtype !== 'int32');
    const flags = inputs.filter(({ dtype }) => dtype === 'int32');
    const [valueMask, keyMask] = flags.filter(({ rank }) => rank === 2);
    return {
      ...{ query, value, key: other ?? value },
      queryMask: masks[0] ?? null,
      valueMask: valueMask ?? masks[1] ?? null,
      keyMask: keyMask ?? (other ? (masks[2] ?? null) : null),
      attentionMask: flags.find(({ rank }) => rank === 3) ?? null,
    };
  }

  // ---- computing ----------------------------------------------------------------------------------------------------

  override computeOutputShapes([
    [batch, steps],
    [, seen, features],
  ]: readonly PartialShape[]): PartialShape[] {
    const output = [batch, steps, features];
    return this.returnAttentionScores ? [output, [batch, steps, seen]] : [output];
  }

  override computeMasks(
    _: readonly Tensor[],
    [mask]: readonly (Tensor | null)[],
    outputs: readonly Tensor[],
  ): (Tensor | null)[] {
    return outputs.map((_, i) => (i === 0 ? (mask ?? null) : null));
  }

  override call(inputs: readonly Tensor[], context: CallContext): Tensor[] {
    const [output, scores] = this.attend(this.given(inputs, context.masks), context);
    return this.returnAttentionScores ? [output, scores] : [output];
  }

  /**
   * Which steps of the value are seen: 1 where all of these say so, int32 [batch, 1 or Tq, Tv] or [Tq, Tv]; null for all.
   *
   * @param scores whose last axes are Tq and Tv
   * @param masks [batch, Tv] each
   *
   * @internal
   */
  protected visible(
    scores: Tensor,
    { attentionMask }: AttentionInputs,
    masks: readonly (Tensor | null)[],
  ): Tensor | null {
    const all = [
      ...masks.map((mask) => mask && expandDims(mask, 1)),
      attentionMask,
      this.useCausalMask ? causalMask(scores) : null,
    ];
    return all.reduce((a, b) => (a && b ? mul(a, b) : (a ?? b)), null);
  }

  /**
   * Dropout of the weights.
   *
   * @internal
   */
  protected drop(weights: Tensor, { training, step, seed }: CallContext): Tensor {
    if (!training || this.dropout === 0) return weights;
    return dropout(weights, this.dropout, { seed: this.seed ?? seed, step });
  }

  override getConfig(): Config {
    const { dropout, seed, useCausalMask, returnAttentionScores } = this;
    return { ...super.getConfig(), dropout, seed, useCausalMask, returnAttentionScores };
  }
}
