/** The largest of each window over pictures. */
import { maxPool2D } from '../ops/max_pool2d.ts';
import type { Tensor } from '../tensor.ts';
import { Layer } from './base.ts';
import type { Config, LayerConfig } from './base.ts';
import { withKnownOptions } from './known_options.ts';
import { channelsLast, pair, PICTURES, spansOf, WINDOW_PADDINGS } from './picture_windows.ts';
import type { PairOption } from './picture_windows.ts';
import { oneOf } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** The options of `layers.maxPooling2D`. */
export interface MaxPooling2DOptions extends LayerConfig {
  /** Rows and columns from one window to the next; `poolSize` by default. */
  strides?: PairOption | null;
  /** `valid` (default): only windows that lie in the picture. `same`: ⌈H / strides⌉ by ⌈W / strides⌉ windows, of which those at the edges see less. */
  padding?: (typeof WINDOW_PADDINGS)[number];
  /** `channelsLast`, the only one: pictures are [height, width, channels]. */
  dataFormat?: 'channelsLast';
}
export type MaxPooling2DConfig = MaxPooling2DOptions & { poolSize?: PairOption };

/** Input [batch, H, W, C], output [batch, OH, OW, C]. Of equal ones, the first in the window gets the gradient. */
export class MaxPooling2D extends Layer {
  static override readonly className: string = 'MaxPooling2D';
  /** As given, or the defaults. @internal */
  readonly options;

  constructor(config: MaxPooling2DConfig = {}) {
    super(config);
    const poolSize = pair(this.name, 'poolSize', config.poolSize ?? 2);
    this.options = {
      poolSize,
      strides: pair(this.name, 'strides', config.strides ?? poolSize),
      padding: oneOf(this.name, 'padding', config.padding ?? 'valid', WINDOW_PADDINGS),
      dataFormat: channelsLast(this.name, config.dataFormat),
    };
    this.inputSpec = PICTURES;
  }

  private spans(extents: PartialShape) {
    const { poolSize: kernelSize, strides, padding } = this.options;
    return spansOf(this.name, { kernelSize, strides, padding, dilationRate: [1, 1] }, extents);
  }

  override computeOutputShapes([[batch, ...extents]]: readonly PartialShape[]): PartialShape[] {
    return [[batch, ...this.spans(extents).outputs, extents[2]]];
  }

  override call([x]: readonly Tensor[]): Tensor[] {
    const { poolSize, strides } = this.options;
    const { widths, outputs } = this.spans(x.shape.slice(1));
    const before = [widths[0][0], widths[1][0]] as const;
    return [maxPool2D(x, poolSize, strides, before, [outputs[0]!, outputs[1]!])];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), ...this.options };
  }
}

/**
 * The largest of each window over pictures: input [B, H, W, C], output [B, OH, OW, C].
 *
 * @param poolSize rows and columns of a window, one number for both; 2 by default
 */
export function maxPooling2D(
  poolSize: PairOption = 2,
  options: MaxPooling2DOptions = {},
): MaxPooling2D {
  return withKnownOptions(new MaxPooling2D({ ...options, poolSize }), options);
}
