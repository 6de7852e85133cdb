/** Zeroes a share of the elements in training, and scales the others so that their sum is kept on average. */
import * as ops from '../ops/dropout.ts';
import type { Tensor } from '../tensor.ts';
import { Layer } from './base.ts';
import type { CallContext, Config, LayerConfig } from './base.ts';
import { withKnownOptions } from './known_options.ts';
import { SEQUENCES } from './shapes.ts';

/** The options of `layers.dropout` and `layers.spatialDropout1D`. */
export interface DropoutOptions extends LayerConfig {
  /** Of the random numbers; follows from the model's seed where it is left out. */
  seed?: number;
}
export type DropoutConfig = DropoutOptions & { rate: number };

/** Srivastava et al. 2014. Nothing is dropped outside of training. */
export class Dropout extends Layer {
  static override readonly className: string = 'Dropout';
  override readonly stepwise = true;
  /** The part of the elements that becomes 0. */
  readonly rate: number;
  /** Of the random numbers; undefined: it follows from the model's seed. */
  readonly seed: number | undefined;
  /** Axes along which what is dropped is the same. */
  protected readonly broadcast: readonly number[] = [];

  constructor(config: DropoutConfig) {
    super(config);
    this.rate = ops.dropoutRate(this.name, config.rate);
    this.seed = config.seed;
    this.supportsMasking = true;
  }

  override call([x]: readonly Tensor[], { training, step, seed }: CallContext): Tensor[] {
    if (!training || this.rate === 0) return [x];
    const { broadcast } = this;
    return [ops.dropout(x, this.rate, { seed: this.seed ?? seed, step, broadcast })];
  }
  override getConfig(): Config {
    return { ...super.getConfig(), rate: this.rate, seed: this.seed };
  }
}

/**
 * Zeroes a share of the elements in training, and scales the others by 1 / (1 - rate) (Srivastava et al. 2014). Outside
 * of training it does nothing. The output has the shape and the mask of the input.
 *
 * @param rate the share, in [0, 1)
 * @throws Error naming the layer where the rate is out of range
 */
export function dropout(rate: number, options: DropoutOptions = {}): Dropout {
  return withKnownOptions(new Dropout({ ...options, rate }), options);
}

/** Drops a feature at all time steps or at none (Tompson et al. 2014): input [batch, time, features]. */
export class SpatialDropout1D extends Dropout {
  static override readonly className: string = 'SpatialDropout1D';
  protected override readonly broadcast = [1];

  constructor(config: DropoutConfig) {
    super(config);
    this.inputSpec = SEQUENCES;
  }
}

/** Drops a feature at all time steps or at none (Tompson et al. 2014), else like `dropout`. Input and output [B, T, I]. */
export function spatialDropout1D(rate: number, options: DropoutOptions = {}): SpatialDropout1D {
  return withKnownOptions(new SpatialDropout1D({ ...options, rate }), options);
}
