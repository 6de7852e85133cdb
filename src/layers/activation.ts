/** A function of every element, or softmax over the last axis. */
import * as ops from '../ops/activations.ts';
import type { Activation as Name } from '../ops/activations.ts';
import type { Tensor } from '../tensor.ts';
import { activationName, checkSoftmax } from './activation_names.ts';
import type { ActivationOption } from './activation_names.ts';
import { Layer } from './base.ts';
import type { Config, LayerConfig } from './base.ts';
import { withKnownOptions } from './known_options.ts';
import type { PartialShape } from './shapes.ts';

/** The output has the shape and the mask of the input. */
export class Activation extends Layer {
  static override readonly className: string = 'Activation';
  override readonly stepwise = true;
  /** Its name. */
  readonly activation: Name;

  constructor(config: LayerConfig & { activation: ActivationOption }) {
    super(config);
    this.activation = activationName(
      this.name,
      config.activation === null ? 'linear' : config.activation,
    );
    this.supportsMasking = true;
  }

  protected override build([shape]: readonly PartialShape[]): void {
    checkSoftmax(this.name, this.activation, shape.at(-1) ?? 0);
  }
  override call([x]: readonly Tensor[]): Tensor[] {
    return [ops.activation(x, this.activation)];
  }
  override getConfig(): Config {
    return { ...super.getConfig(), activation: this.activation };
  }
}

/**
 * A function of every element, or softmax over the last axis. The output has the shape and the mask of the input.
 *
 * @param name one of the activations of `ops`: 'relu', 'tanh', 'softmax' …
 * @throws Error naming the layer where there is no activation of that name
 */
export function activation(name: ActivationOption, options: LayerConfig = {}): Activation {
  return withKnownOptions(new Activation({ ...options, activation: name }), options);
}
