/** From a sequence to one vector: [batch, time, features] to [batch, features]. */
import { cast } from '../ops/compare.ts';
import { div, maximum, mul } from '../ops/map.ts';
import { max, mean, sum } from '../ops/reduce.ts';
import { expandDims } from '../ops/shape.ts';
import type { Tensor } from '../tensor.ts';
import { Layer } from './base.ts';
import type { CallContext, Config, LayerConfig } from './base.ts';
import { withKnownOptions } from './known_options.ts';
import { SEQUENCES } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** The options of the global pooling layers. */
export interface GlobalPoolingConfig extends LayerConfig {
  /** Whether the time axis stays, with extent 1; false by default. */
  keepDims?: boolean;
}

abstract class GlobalPooling1D extends Layer {
  /** Whether the axis of time stays, as 1. */
  readonly keepDims: boolean;

  constructor(config: GlobalPoolingConfig = {}) {
    super(config);
    this.keepDims = config.keepDims ?? false;
    this.inputSpec = SEQUENCES;
  }
  override computeOutputShapes([[batch, , features]]: readonly PartialShape[]): PartialShape[] {
    return [this.keepDims ? [batch, 1, features] : [batch, features]];
  }
  override getConfig(): Config {
    return { ...super.getConfig(), keepDims: this.keepDims };
  }
}

/** The mean over the steps that the mask leaves in; zero for a row without any. */
export class GlobalAveragePooling1D extends GlobalPooling1D {
  static override readonly className: string = 'GlobalAveragePooling1D';
  override call([x]: readonly Tensor[], { masks: [mask] }: CallContext): Tensor[] {
    const along = { axis: 1, keepDims: this.keepDims };
    if (!mask) return [mean(x, along)];
    const weights = expandDims(cast(mask, 'float32'), -1);
    const count = maximum(sum(weights, along), 1);
    return [div(sum(mul(x, weights), along), count)];
  }
}

/** The mean over the steps that the mask leaves in; zero for a row without any. Input [B, T, I], output [B, I]. */
export function globalAveragePooling1D(options: GlobalPoolingConfig = {}): GlobalAveragePooling1D {
  return withKnownOptions(new GlobalAveragePooling1D(options), options);
}

/** The largest of each feature over all steps: as in Keras, a mask is left out of account. */
export class GlobalMaxPooling1D extends GlobalPooling1D {
  static override readonly className: string = 'GlobalMaxPooling1D';
  override call([x]: readonly Tensor[]): Tensor[] {
    return [max(x, { axis: 1, keepDims: this.keepDims })];
  }
}

/**
 * The largest of each feature over all steps: as in Keras, a mask is left out of account. Input [B, T, I], output [B,
 * I].
 */
export function globalMaxPooling1D(options: GlobalPoolingConfig = {}): GlobalMaxPooling1D {
  return withKnownOptions(new GlobalMaxPooling1D(options), options);
}
