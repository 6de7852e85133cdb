/** Convolution over time: y[t] = activation(Σ_k x[t · strides + k · dilationRate] · kernel[k] + bias), as one product. */
import type { Activation } from '../ops/activations.ts';
import type { Tensor, Variable } from '../tensor.ts';
import { activationName } from './activation_names.ts';
import type { ActivationOption } from './activation_names.ts';
import { Layer } from './base.ts';
import type { Config, LayerConfig } from './base.ts';
import { convolve, PADDINGS, spanOf } from './convolution.ts';
import type { Convolution } from './convolution.ts';
import { configOf } from './initializer_options.ts';
import type { InitializerOption } from './initializer_options.ts';
import { withKnownOptions } from './known_options.ts';
import { knownFeatures, oneOf, positiveInteger, SEQUENCES } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** The options of `layers.conv1D`. */
export interface Conv1DOptions extends LayerConfig {
  /** Steps from one output to the next; 1 by default. */
  strides?: number;
  /**
   * `valid` (default): only where the kernel lies in the input. `same`: zeros around it, so that there are ⌈T / strides⌉
   * outputs. `causal`: zeros before it, so that no output sees a later step (van den Oord et al. 2016).
   */
  padding?: Convolution['padding'];
  /** Steps from one row of the kernel to the next; 1 by default. */
  dilationRate?: number;
  /** None by default: the output is linear. */
  activation?: ActivationOption;
  /** Whether a bias is added; true by default. */
  useBias?: boolean;
  /** How the kernel begins; `glorotUniform` by default. */
  kernelInitializer?: InitializerOption;
  /** How the bias begins; `zeros` by default. */
  biasInitializer?: InitializerOption;
}
export type Conv1DConfig = Conv1DOptions & { filters: number; kernelSize: number };

/**
 * Input [batch, time, C], output [batch, O, filters]. Weights: kernel [kernelSize, C, filters], bias [filters]. A mask is
 * not passed on, as in Keras. It has no `groups`.
 */
export class Conv1D extends Layer {
  static override readonly className: string = 'Conv1D';
  /** As given, or the defaults. @internal */
  readonly options: Required<Omit<Conv1DConfig, keyof LayerConfig | 'activation'>> & {
    activation: Activation;
  };
  private kernel: Variable | null = null;
  private bias: Variable | null = null;

  constructor(config: Conv1DConfig) {
    super(config);
    const positive = (what: 'filters' | 'kernelSize' | 'strides' | 'dilationRate'): number =>
      positiveInteger(this.name, what, config[what] ?? 1);
    this.options = {
      filters: positive('filters'),
      kernelSize: positive('kernelSize'),
      strides: positive('strides'),
      padding: oneOf(this.name, 'padding', config.padding ?? 'valid', PADDINGS),
      dilationRate: positive('dilationRate'),
      activation: activationName(this.name, config.activation ?? 'linear', config.filters),
      useBias: config.useBias ?? true,
      kernelInitializer: config.kernelInitializer ?? 'glorotUniform',
      biasInitializer: config.biasInitializer ?? 'zeros',
    };
    this.inputSpec = SEQUENCES;
  }

  override computeOutputShapes([[batch, time]]: readonly PartialShape[]): PartialShape[] {
    const { filters } = this.options;
    const outputs = time === null ? null : spanOf(this.name, this.options, time).outputs;
    return [[batch, outputs, filters]];
  }

  protected override build([shape]: readonly PartialShape[]): void {
    const { filters, kernelSize, useBias, kernelInitializer, biasInitializer } = this.options;
    const features = knownFeatures(this.name, shape);
    this.kernel = this.addWeight('kernel', [kernelSize, features, filters], kernelInitializer, {
      halvable: true,
    });
    if (useBias) this.bias = this.addWeight('bias', [filters], biasInitializer);
    this.inputSpec = { ...this.inputSpec, features };
  }

  override call([x]: readonly Tensor[]): Tensor[] {
    const weights = { kernel: this.kernel!, bias: this.bias };
    return [convolve(this.name, x, weights, this.options, this.options.activation)];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), ...configOf(this.options) };
  }
}

/**
 * Convolution over time: y[t] = activation(Σ_k x[t · strides + k · dilationRate] · kernel[k] + bias). Input [B, T, C],
 * output [B, O, filters]. Weights: kernel [kernelSize, C, filters], bias [filters]. A mask is not passed on, as in
 * Keras.
 *
 * @param kernelSize time steps that one output sees
 * @throws Error naming the layer where a size is no positive whole number, or the input is shorter than the kernel
 *   spans
 */
export function conv1D(filters: number, kernelSize: number, options: Conv1DOptions = {}): Conv1D {
  return withKnownOptions(new Conv1D({ ...options, filters, kernelSize }), options);
}
