/** Layers that only see the same numbers in another shape. As in Keras, they drop a mask, except where said. */
import type { DType } from '../backend.ts';
import { broadcastTo } from '../ops/broadcast.ts';
import * as ops from '../ops/shape.ts';
import { show as showValue } from '../options.ts';
import { sizeOf } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { Layer } from './base.ts';
import type { Config, LayerConfig } from './base.ts';
import { withKnownOptions } from './known_options.ts';
import { partialSize, positiveInteger, show } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** [batch, ...] to [batch, product of the rest]. */
export class Flatten extends Layer {
  static override readonly className: string = 'Flatten';

  constructor(config: LayerConfig = {}) {
    super(config);
    this.inputSpec = { minRank: 1 };
  }
  override outputDtype([dtype]: readonly DType[]): DType {
    return dtype;
  }
  override computeOutputShapes([[batch, ...rest]]: readonly PartialShape[]): PartialShape[] {
    return [[batch, partialSize(rest)]];
  }
  override call([x]: readonly Tensor[]): Tensor[] {
    const [batch, ...rest] = x.shape;
    return [ops.reshape(x, [batch, sizeOf(rest)])];
  }
}

/** [B, ...] to [B, product of the rest]. A mask is dropped. */
export function flatten(options: LayerConfig = {}): Flatten {
  return withKnownOptions(new Flatten(options), options);
}

/** The options of `layers.reshape`. */
export interface ReshapeConfig extends LayerConfig {
  /** Without the batch; one extent may be -1: what is left over. */
  targetShape: readonly number[];
}

/** [batch, ...] to [batch, ...targetShape]. */
export class Reshape extends Layer {
  static override readonly className: string = 'Reshape';
  /** Without the batch; -1 for what follows from the rest. */
  readonly targetShape: readonly number[];

  constructor(config: ReshapeConfig) {
    super(config);
    this.targetShape = config.targetShape;
    this.inputSpec = { minRank: 1 };
    if (!Array.isArray(this.targetShape))
      throw new Error(
        `${this.name}: expected targetShape to be a list, got ${showValue(this.targetShape)}; write reshape([4, -1])`,
      );
    for (const extent of this.targetShape)
      if (extent !== -1) positiveInteger(this.name, 'each of targetShape', extent);
    if (this.targetShape.filter((extent) => extent === -1).length > 1)
      throw new Error(
        `${this.name}: expected at most one -1 in targetShape, got ${show(this.targetShape)}; give the other extents`,
      );
  }
  override outputDtype([dtype]: readonly DType[]): DType {
    return dtype;
  }
  override computeOutputShapes([[batch, ...rest]]: readonly PartialShape[]): PartialShape[] {
    const size = partialSize(rest);
    const known = sizeOf(this.targetShape.filter((extent) => extent !== -1));
    const open = this.targetShape.includes(-1);
    if (size !== null && (open ? size % known !== 0 : size !== known))
      throw new Error(
        `${this.name}: expected an input whose ${size} elements a sample fit targetShape ${show(this.targetShape)}, got ${show([batch, ...rest])}; change targetShape`,
      );
    const left = size === null ? null : size / known;
    return [[batch, ...this.targetShape.map((extent) => (extent === -1 ? left : extent))]];
  }
  override call([x]: readonly Tensor[]): Tensor[] {
    const [shape] = this.computeOutputShapes([x.shape]);
    return [ops.reshape(x, shape as number[])];
  }
  override getConfig(): Config {
    return { ...super.getConfig(), targetShape: this.targetShape };
  }
}

/**
 * [B, ...] to [B, ...targetShape], the same numbers. A mask is dropped.
 *
 * @param targetShape without the batch; one extent may be -1: what is left over
 * @throws Error naming the layer where the sizes do not fit
 */
export function reshape(targetShape: readonly number[], options: LayerConfig = {}): Reshape {
  return withKnownOptions(new Reshape({ ...options, targetShape }), options);
}

/** [batch, features] to [batch, n, features]: the same vector at every time step. */
export class RepeatVector extends Layer {
  static override readonly className: string = 'RepeatVector';
  /** How often. */
  readonly n: number;

  constructor(config: LayerConfig & { n: number }) {
    super(config);
    this.n = positiveInteger(this.name, 'n', config.n);
    this.inputSpec = { dtype: 'float32', rank: 2, layout: '[batch, features]' };
  }
  override computeOutputShapes([[batch, features]]: readonly PartialShape[]): PartialShape[] {
    return [[batch, this.n, features]];
  }
  override call([x]: readonly Tensor[]): Tensor[] {
    const [batch, features] = x.shape;
    return [broadcastTo(ops.expandDims(x, 1), [batch, this.n, features])];
  }
  override getConfig(): Config {
    return { ...super.getConfig(), n: this.n };
  }
}

/** [B, I] to [B, n, I]: the same vector at n time steps, as a decoder takes it. */
export function repeatVector(n: number, options: LayerConfig = {}): RepeatVector {
  return withKnownOptions(new RepeatVector({ ...options, n }), options);
}
