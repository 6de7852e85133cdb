/** Long short-term memory with peepholes (Gers and Schmidhuber 2000): its gates see the cell state. */
import type { CellName } from '../backend.ts';
import { LSTM_PEEPHOLE_KERNELS } from '../kernel_groups/lstm_peephole.generated.ts';
import type { KernelSources } from '../kernel_sources.ts';
import type { Tensor } from '../tensor.ts';
import type { Config } from './base.ts';
import { GatedRecurrentLayer } from './gated.ts';
import type { GatedOptions } from './gated.ts';
import { initializerConfig, initializerOf } from './initializer_options.ts';
import type { InitializerOption } from './initializer_options.ts';
import { withKnownOptions } from './known_options.ts';
import type { RecurrentLayerConfig, RecurrentLayerOptions } from './recurrent.ts';

/** Beside those of all recurrent layers. @inline */
interface PeepholeOnly extends GatedOptions {
  /** Whether the forget gate is 1 - i instead of a gate with weights of its own. False by default. */
  coupled?: boolean;
  /** Of the peepholes; glorotUniform by default. */
  peepholeInitializer?: InitializerOption;
  /** Whether the forget gate's bias begins at 1, where it has one (Jozefowicz et al. 2015). True by default. */
  unitForgetBias?: boolean;
}
/** The options of `layers.peepholeLSTM`. */
export type PeepholeLSTMOptions = RecurrentLayerOptions & PeepholeOnly;
export type PeepholeLSTMConfig = RecurrentLayerConfig & PeepholeOnly;

/**
 * i, f = recurrentActivation(· + p∘c), g = activation(·); c' = f∘c + i∘g; o = recurrentActivation(· + p∘c'); h' = o∘activation(c').
 * With `coupled`, f = 1 - i (Greff et al. 2017 call it CIFG).
 *
 * Weights, the gates in the order i f g o (`coupled`: i g o), G of them: kernel [I, G·H], recurrent_kernel [H, G·H], bias [G·H],
 * peephole_kernel [3, H] of i f o (`coupled`: [2, H] of i o). States: h, c.
 */
export class PeepholeLSTM extends GatedRecurrentLayer {
  static override readonly className: string = 'PeepholeLSTM';
  /** Whether the forget gate is 1 - i. */
  readonly coupled: boolean;
  /** Whether the bias of the forget gate began at 1. */
  readonly unitForgetBias: boolean;
  /** How the weights of the peepholes begin. */
  readonly peepholeInitializer: InitializerOption;

  constructor(config: PeepholeLSTMConfig) {
    super(config);
    this.coupled = config.coupled ?? false;
    this.unitForgetBias = config.unitForgetBias ?? true;
    this.peepholeInitializer = config.peepholeInitializer ?? 'glorotUniform';
    initializerOf(this.name, this.peepholeInitializer);
  }

  override get cell(): CellName {
    return this.coupled ? 'lstm_peephole_coupled' : 'lstm_peephole';
  }
  protected override get kernels(): readonly KernelSources[] {
    return [LSTM_PEEPHOLE_KERNELS];
  }

  protected override get openGate(): string | null {
    return this.unitForgetBias && !this.coupled ? 'f' : null;
  }

  protected override makeUnitWeights(): Tensor {
    const peepholes = this.coupled ? 2 : 3;
    return this.addWeight('peephole_kernel', [peepholes, this.units], this.peepholeInitializer);
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      coupled: this.coupled,
      unitForgetBias: this.unitForgetBias,
      peepholeInitializer: initializerConfig(this.peepholeInitializer),
    };
  }
}

/**
 * An LSTM with peepholes, whose gates see the cell state (Gers and Schmidhuber 2000): i, f = recurrentActivation(· +
 * p∘c), g = activation(·); c' = f∘c + i∘g; o = recurrentActivation(· + p∘c'); h' = o∘activation(c'). With `coupled`, f
 * = 1 - i.
 *
 * Shapes and options are those of `lstm`; a further weight is peephole_kernel [3, units] of i f o (`coupled`: [2,
 * units] of i o, and three gates i g o in the others). States: h, c.
 *
 * @throws Error naming the layer where `units` is no positive whole number, or an option is unknown or out of range
 */
export function peepholeLSTM(units: number, options: PeepholeLSTMOptions = {}): PeepholeLSTM {
  return withKnownOptions(new PeepholeLSTM({ ...options, units }), options);
}
