/** Convolution over pictures, as one product. */
import { padWith } from '../ops/pad_with.ts';
import { reshape } from '../ops/shape.ts';
import { windows2D } from '../ops/windows2d.ts';
import type { Tensor, Variable } from '../tensor.ts';
import { activationName } from './activation_names.ts';
import type { ActivationOption } from './activation_names.ts';
import { affine } from './affine.ts';
import { Layer } from './base.ts';
import type { Config, LayerConfig } from './base.ts';
import { configOf } from './initializer_options.ts';
import type { InitializerOption } from './initializer_options.ts';
import { withKnownOptions } from './known_options.ts';
import { channelsLast, pair, PICTURES, spansOf, WINDOW_PADDINGS } from './picture_windows.ts';
import type { PairOption } from './picture_windows.ts';
import { knownFeatures, oneOf, positiveInteger } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** The options of `layers.conv2D`. */
export interface Conv2DOptions extends LayerConfig {
  /** Rows and columns from one output to the next; 1 by default. */
  strides?: PairOption;
  /** `valid` (default): only where the kernel lies in the picture. `same`: zeros around it, so that there are ⌈H / strides⌉ by ⌈W / strides⌉ outputs. */
  padding?: (typeof WINDOW_PADDINGS)[number];
  /** `channelsLast`, the only one: pictures are [height, width, channels]. */
  dataFormat?: 'channelsLast';
  /** Rows and columns from one place of the kernel to the next; 1 by default. */
  dilationRate?: PairOption;
  /** None by default: the output is linear. */
  activation?: ActivationOption;
  /** Whether a bias is added; true by default. */
  useBias?: boolean;
  /** How the kernel begins; `glorotUniform` by default. */
  kernelInitializer?: InitializerOption;
  /** How the bias begins; `zeros` by default. */
  biasInitializer?: InitializerOption;
}
export type Conv2DConfig = Conv2DOptions & { filters: number; kernelSize: PairOption };

/**
 * y[i, j] = activation(Σ_kl x[i · strides + k · dilationRate, j · strides + l · dilationRate] · kernel[k, l] + bias).
 *
 * Input [batch, H, W, C], output [batch, OH, OW, filters]. Weights: kernel [kernelSize[0], kernelSize[1], C, filters], bias [filters]. It has no
 * `groups`. Films, [batch, time, H, W, C], go through `timeDistributed(conv2D(…))`.
 */
export class Conv2D extends Layer {
  static override readonly className: string = 'Conv2D';
  /** As given, or the defaults. @internal */
  readonly options;
  private kernel: Variable | null = null;
  private bias: Variable | null = null;

  constructor(config: Conv2DConfig) {
    super(config);
    this.options = {
      filters: positiveInteger(this.name, 'filters', config.filters),
      kernelSize: pair(this.name, 'kernelSize', config.kernelSize),
      strides: pair(this.name, 'strides', config.strides ?? 1),
      padding: oneOf(this.name, 'padding', config.padding ?? 'valid', WINDOW_PADDINGS),
      dataFormat: channelsLast(this.name, config.dataFormat),
      dilationRate: pair(this.name, 'dilationRate', config.dilationRate ?? 1),
      activation: activationName(this.name, config.activation ?? 'linear', config.filters),
      useBias: config.useBias ?? true,
      kernelInitializer: config.kernelInitializer ?? ('glorotUniform' as const),
      biasInitializer: config.biasInitializer ?? ('zeros' as const),
    };
    this.inputSpec = PICTURES;
  }

  override computeOutputShapes([[batch, ...extents]]: readonly PartialShape[]): PartialShape[] {
    const { outputs } = spansOf(this.name, this.options, extents);
    return [[batch, ...outputs, this.options.filters]];
  }

  protected override build([shape]: readonly PartialShape[]): void {
    const { filters, kernelSize, useBias, kernelInitializer, biasInitializer } = this.options;
    const features = knownFeatures(this.name, shape);
    const extents = [...kernelSize, features, filters];
    this.kernel = this.addWeight('kernel', extents, kernelInitializer, { halvable: true });
    if (useBias) this.bias = this.addWeight('bias', [filters], biasInitializer);
    this.inputSpec = { ...this.inputSpec, features };
  }

  override call([x]: readonly Tensor[]): Tensor[] {
    const { kernelSize, strides, dilationRate, activation, filters } = this.options;
    const [batch, ...extents] = x.shape;
    const { widths } = spansOf(this.name, this.options, extents);
    const padded = widths.flat().some(Boolean) ? padWith(x, [[0, 0], ...widths, [0, 0]]) : x;
    const seen = windows2D(padded, kernelSize, strides, dilationRate);
    const size = this.kernel!.size / filters;
    const rows = reshape(seen, [batch, seen.shape[1], seen.shape[2], size]);
    return [affine(rows, reshape(this.kernel!, [size, filters]), this.bias, activation)];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), ...configOf(this.options) };
  }
}

/**
 * Convolution over pictures: input [B, H, W, C], output [B, OH, OW, filters]. Weights: kernel [rows, columns, C,
 * filters], bias [filters].
 *
 * @param kernelSize rows and columns that one output sees; one number for both
 * @throws Error naming the layer where a size is no positive whole number, or the picture is smaller than the kernel
 *   spans
 */
export function conv2D(
  filters: number,
  kernelSize: PairOption,
  options: Conv2DOptions = {},
): Conv2D {
  return withKnownOptions(new Conv2D({ ...options, filters, kernelSize }), options);
}
