/** Layers of several inputs, element by element. */
import * as ops from '../ops/map.ts';
import { reshape } from '../ops/shape.ts';
import type { Tensor } from '../tensor.ts';
import { Layer } from './base.ts';
import type { LayerConfig } from './base.ts';
import { withKnownOptions } from './known_options.ts';
import { show } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** Inputs of shapes that broadcast. A step counts in the output if it counts in any input. */
abstract class Merge extends Layer {
  override readonly stepwise = true;
  constructor(config: LayerConfig = {}) {
    super(config);
    this.inputSpec = { dtype: 'float32', count: 'several' };
  }

  protected abstract readonly merge: (a: Tensor, b: Tensor) => Tensor;

  override call(inputs: readonly Tensor[]): Tensor[] {
    const rank = Math.max(...inputs.map((x) => x.rank));
    return [
      inputs
        .map((x) => (x.rank < rank ? reshape(x, widen(x.shape, rank)) : x))
        .reduce((a, b) => this.merge(a, b)),
    ];
  }

  override computeMasks(_: readonly Tensor[], masks: readonly (Tensor | null)[]) {
    return [anyMask(masks)];
  }

  override computeOutputShapes(shapes: readonly PartialShape[]): PartialShape[] {
    const rank = Math.max(...shapes.map((shape) => shape.length));
    return [
      shapes
        .map((shape) => widen<number | null>(shape, rank))
        .reduce((a, b) => a.map((extent, k) => this.extent(extent, b[k], a, b))),
    ];
  }

  private extent(x: number | null, y: number | null, a: PartialShape, b: PartialShape) {
    if (x === y || y === 1) return x;
    if (x === 1 || x === null) return y;
    if (y === null) return x;
    throw new Error(
      `${this.name}: expected inputs whose shapes broadcast, got ${show(a)} and ${show(b)}; bring them to one shape`,
    );
  }
}

/** Axes of extent 1 after the batch, so that [batch, features] fits [batch, time, features]. */
function widen<T>(shape: readonly T[], rank: number): (T | 1)[] {
  const [batch, ...rest] = shape;
  return [batch, ...Array<1>(rank - shape.length).fill(1), ...rest];
}

/** 1 where any mask is 1; null, every step, where an input has none. */
export function anyMask(masks: readonly (Tensor | null)[]): Tensor | null {
  return masks.includes(null) || masks.length === 0
    ? null
    : (masks as Tensor[]).reduce((a, b) => ops.maximum(a, b));
}

/** The sum of its inputs. */
export class Add extends Merge {
  static override readonly className: string = 'Add';
  protected override readonly merge = ops.add;
}

/**
 * The sum of two inputs or more, element by element; shapes broadcast. A step counts in the output if it counts in any
 * input. `layers.add().apply([a, b])`.
 */
export function add(options: LayerConfig = {}): Add {
  return withKnownOptions(new Add(options), options);
}

/** The first input minus the second. */
export class Subtract extends Merge {
  static override readonly className: string = 'Subtract';

  constructor(config: LayerConfig = {}) {
    super(config);
    this.inputSpec = { dtype: 'float32', count: 2 };
  }
  protected override readonly merge = ops.sub;
}

/**
 * The first input minus the second, element by element; shapes broadcast. A step counts in the output if it counts in
 * either input.
 */
export function subtract(options: LayerConfig = {}): Subtract {
  return withKnownOptions(new Subtract(options), options);
}

/** The product of its inputs. */
export class Multiply extends Merge {
  static override readonly className: string = 'Multiply';
  protected override readonly merge = ops.mul;
}

/**
 * The product of two inputs or more, element by element; shapes broadcast. A step counts in the output if it counts in
 * any input.
 */
export function multiply(options: LayerConfig = {}): Multiply {
  return withKnownOptions(new Multiply(options), options);
}

/** The mean of its inputs. */
export class Average extends Merge {
  static override readonly className: string = 'Average';
  protected override readonly merge = ops.add;

  override call(inputs: readonly Tensor[]): Tensor[] {
    return super.call(inputs).map((total) => ops.mul(total, 1 / inputs.length));
  }
}

/**
 * The mean of two inputs or more, element by element; shapes broadcast. A step counts in the output if it counts in any
 * input.
 */
export function average(options: LayerConfig = {}): Average {
  return withKnownOptions(new Average(options), options);
}

/** The largest of its inputs. */
export class Maximum extends Merge {
  static override readonly className: string = 'Maximum';
  protected override readonly merge = ops.maximum;
}

/**
 * The largest of two inputs or more, element by element; shapes broadcast. A step counts in the output if it counts in
 * any input.
 */
export function maximum(options: LayerConfig = {}): Maximum {
  return withKnownOptions(new Maximum(options), options);
}

/** The smallest of its inputs. */
export class Minimum extends Merge {
  static override readonly className: string = 'Minimum';
  protected override readonly merge = ops.minimum;
}

/**
 * The smallest of two inputs or more, element by element; shapes broadcast. A step counts in the output if it counts in
 * any input.
 */
export function minimum(options: LayerConfig = {}): Minimum {
  return withKnownOptions(new Minimum(options), options);
}
