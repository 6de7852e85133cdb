/** y = activation(x · kernel + bias), on the last axis. */
import { withDefaults } from '../defaults.ts';
import type { Activation } from '../ops/activations.ts';
import type { Tensor, Variable } from '../tensor.ts';
import { activationName } from './activation_names.ts';
import type { ActivationOption } from './activation_names.ts';
import { affine } from './affine.ts';
import { Layer } from './base.ts';
import type { Config, LayerConfig } from './base.ts';
import { configOf } from './initializer_options.ts';
import type { InitializerOption } from './initializer_options.ts';
import { withKnownOptions } from './known_options.ts';
import { knownFeatures, positiveInteger } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** The options of `layers.dense`. */
export interface DenseOptions extends LayerConfig {
  /** None by default: the output is linear. */
  activation?: ActivationOption;
  /** Whether a bias is added; true by default. */
  useBias?: boolean;
  /** How the kernel begins; `glorotUniform` by default. */
  kernelInitializer?: InitializerOption;
  /** How the bias begins; `zeros` by default. */
  biasInitializer?: InitializerOption;
}
export type DenseConfig = DenseOptions & { units: number };

/** Input [..., I], rank 2 or more; output [..., units]. Weights: kernel [I, units], bias [units]. */
export class Dense extends Layer {
  static override readonly className: string = 'Dense';
  override readonly stepwise = true;
  /** Width of the output. */
  readonly units: number;
  /** Its name. */
  readonly activation: Activation;
  /** Whether a bias is added. */
  readonly useBias: boolean;
  private readonly initializers: Record<'kernelInitializer' | 'biasInitializer', InitializerOption>;
  private kernel: Variable | null = null;
  private bias: Variable | null = null;

  constructor(config: DenseConfig) {
    super(config);
    this.units = positiveInteger(this.name, 'units', config.units);
    this.activation = activationName(this.name, config.activation ?? 'linear', this.units);
    this.useBias = config.useBias ?? true;
    this.initializers = withDefaults(config, {
      kernelInitializer: 'glorotUniform',
      biasInitializer: 'zeros',
    });
    this.supportsMasking = true;
    this.inputSpec = { dtype: 'float32', minRank: 2, layout: '[batch, ..., features]' };
  }

  override computeOutputShapes([shape]: readonly PartialShape[]): PartialShape[] {
    return [[...shape.slice(0, -1), this.units]];
  }

  protected override build([shape]: readonly PartialShape[]): void {
    const { kernelInitializer, biasInitializer } = this.initializers;
    const features = knownFeatures(this.name, shape);
    this.kernel = this.addWeight('kernel', [features, this.units], kernelInitializer, {
      halvable: true,
    });
    if (this.useBias) this.bias = this.addWeight('bias', [this.units], biasInitializer);
    this.inputSpec = { ...this.inputSpec, features };
  }

  override call([x]: readonly Tensor[]): Tensor[] {
    return [affine(x, this.kernel!, this.bias, this.activation)];
  }

  override getConfig(): Config {
    const { units, activation, useBias, initializers } = this;
    return { ...super.getConfig(), units, activation, useBias, ...configOf(initializers) };
  }
}

/**
 * y = activation(x · kernel + bias), on the last axis: input [..., I] of rank 2 or more, output [..., units]. Weights:
 * kernel [I, units], bias [units]. Without `activation` the output is linear.
 *
 * @param units the width of the output
 * @throws Error naming the layer where `units` is no positive whole number, or an option is unknown
 * @example
 * ```js
 * const model = sequential([layers.input({ shape: [4] }), layers.dense(3, { activation: 'softmax' })]);
 * console.log(model.outputs[0].shape); // prints [ null, 3 ]
 * ```
 */
export function dense(units: number, options: DenseOptions = {}): Dense {
  return withKnownOptions(new Dense({ ...options, units }), options);
}
