/** Inputs side by side along an axis. */
import { cast } from '../ops/compare.ts';
import { concat } from '../ops/shape.ts';
import { fill } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { Layer } from './base.ts';
import type { Config, LayerConfig } from './base.ts';
import { withKnownOptions } from './known_options.ts';
import { anyMask } from './merge.ts';
import { featureAxes, fits, show } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** The options of `layers.concatenate`. */
export interface ConcatenateConfig extends LayerConfig {
  /** The last by default. */
  axis?: number;
}

/** Inputs of one shape but for the axis; its extents add up. */
export class Concatenate extends Layer {
  static override readonly className: string = 'Concatenate';
  /** Along which inputs are joined. */
  readonly axis: number;

  constructor(config: ConcatenateConfig = {}) {
    super(config);
    this.axis = config.axis ?? -1;
    this.inputSpec = { dtype: 'float32', count: 'several', minRank: 2 };
  }
  override get usedAxes(): readonly number[] {
    return [this.axis];
  }

  private axisOf(rank: number): number {
    return featureAxes(this.name, [this.axis], rank)[0];
  }

  override computeOutputShapes(shapes: readonly PartialShape[]): PartialShape[] {
    const axis = this.axisOf(shapes[0].length);
    const others = shapes.map((shape) => shape.map((extent, k) => (k === axis ? null : extent)));
    if (!others.every((shape) => fits(shape, others[0])))
      throw new Error(
        `${this.name}: expected inputs of one shape but for axis ${axis}, got ${shapes.map(show).join(', ')}; bring them to one shape`,
      );
    const extents = shapes.map((shape) => shape[axis]);
    const total = extents.includes(null)
      ? null
      : (extents as number[]).reduce((sum, extent) => sum + extent, 0);
    return [
      shapes[0].map((_, k) =>
        k === axis ? total : (shapes.find((shape) => shape[k] !== null)?.[k] ?? null),
      ),
    ];
  }

  override call(inputs: readonly Tensor[]): Tensor[] {
    this.computeOutputShapes(inputs.map((x) => x.shape));
    return [concat(inputs, this.axisOf(inputs[0].rank))];
  }

  /** Masks of sequences put one after the other follow each other; a step of joined features counts if any does. */
  override computeMasks(
    inputs: readonly Tensor[],
    masks: readonly (Tensor | null)[],
  ): (Tensor | null)[] {
    if (masks.every((mask) => mask === null)) return [null];
    const axis = this.axisOf(inputs[0].rank);
    if (axis >= (masks.find((mask) => mask !== null)?.rank ?? 0)) return [anyMask(masks)];
    const whole = masks.map(
      (mask, i) => mask ?? cast(fill(inputs[i].device, inputs[i].shape.slice(0, 2), 1), 'int32'),
    );
    return [concat(whole, axis)];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), axis: this.axis };
  }
}

/**
 * Inputs side by side along an axis, the last by default; all other extents are the same. Masks of sequences put one
 * after the other follow each other; a step of joined features counts if any does.
 *
 * @example
 * ```js
 * const [a, b] = [layers.input({ shape: [null, 2] }), layers.input({ shape: [null, 3] })];
 * console.log(layers.concatenate().apply([a, b]).shape); // prints [ null, null, 5 ]
 * ```
 */
export function concatenate(options: ConcatenateConfig = {}): Concatenate {
  return withKnownOptions(new Concatenate(options), options);
}
