/** Masks time steps by their values. */
import { cast, notEqual, where } from '../ops/compare.ts';
import { max } from '../ops/reduce.ts';
import { expandDims } from '../ops/shape.ts';
import type { Tensor } from '../tensor.ts';
import { Layer } from './base.ts';
import type { Config, LayerConfig } from './base.ts';
import { withKnownOptions } from './known_options.ts';
import { SEQUENCES } from './shapes.ts';

/** The options of `layers.masking`. */
export interface MaskingConfig extends LayerConfig {
  /** 0 by default. */
  maskValue?: number;
}

/** Leaves out time steps all of whose features are `maskValue`. Input and output [batch, time, features]. */
export class Masking extends Layer {
  static override readonly className: string = 'Masking';
  override readonly stepwise = true;
  /** A step all of whose features are this is left out. */
  readonly maskValue: number;

  constructor(config: MaskingConfig = {}) {
    super(config);
    this.maskValue = config.maskValue ?? 0;
    this.inputSpec = SEQUENCES;
  }
  private maskOf(x: Tensor): Tensor {
    return anyOf(notEqual(x, this.maskValue), -1);
  }
  /** Masked steps become zero. */
  override call([x]: readonly Tensor[]): Tensor[] {
    return [where(expandDims(this.maskOf(x), -1), x, 0)];
  }
  override computeMasks([x]: readonly Tensor[]): (Tensor | null)[] {
    return [this.maskOf(x)];
  }
  override getConfig(): Config {
    return { ...super.getConfig(), maskValue: this.maskValue };
  }
}

/**
 * Masks the time steps all of whose features are `maskValue`, and makes them zero. Input and output [B, T, I].
 *
 * @example
 * ```js
 * const model = sequential([layers.input({ shape: [null, 2] }), layers.masking(), layers.gru(4)]);
 * ```
 */
export function masking(options: MaskingConfig = {}): Masking {
  return withKnownOptions(new Masking(options), options);
}

/** 1 where any element along the axes is not 0. */
export function anyOf(flags: Tensor, axis: number | number[]): Tensor {
  return cast(max(cast(flags, 'float32'), { axis }), 'int32');
}
