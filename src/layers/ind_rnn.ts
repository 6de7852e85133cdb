/** The independently recurrent neural network (Li et al. 2018): the units of a layer see each other through the next layer alone. */
import type { CellName } from '../backend.ts';
import { IND_RNN_KERNELS } from '../kernel_groups/ind_rnn.generated.ts';
import type { KernelSources } from '../kernel_sources.ts';
import type { Tensor } from '../tensor.ts';
import { withKnownOptions } from './known_options.ts';
import { RecurrentLayer } from './recurrent.ts';
import type { RecurrentLayerConfig, RecurrentLayerOptions } from './recurrent.ts';

/** `activation` is relu by default, and `recurrentInitializer` uniform in [0, 1). */
export type IndRNNOptions = RecurrentLayerOptions;
export type IndRNNConfig = RecurrentLayerConfig;

/**
 * h' = activation(x · kernel + recurrent_vector∘h + bias): the state of a unit comes back to this unit alone, with one weight.
 * `recurrentDropout` drops states before they are weighted.
 *
 * So that T steps do not make a state explode, the paper keeps these weights within γ^(1/T), with a small γ such as 2. They begin there with
 * `recurrentInitializer: randomUniform({ min: 0, max: 2 ** (1 / T) })`; training does not clip them.
 *
 * Weights: kernel [I, H], bias [H], recurrent_vector [1, H]. State: h.
 */
export class IndRNN extends RecurrentLayer {
  static override readonly className: string = 'IndRNN';

  constructor(config: IndRNNConfig) {
    super({
      ...config,
      activation: config.activation ?? 'relu',
      recurrentInitializer: config.recurrentInitializer ?? {
        name: 'randomUniform',
        min: 0,
        max: 1,
      },
    });
  }

  override get cell(): CellName {
    return 'ind_rnn';
  }
  protected override get kernels(): readonly KernelSources[] {
    return [IND_RNN_KERNELS];
  }

  protected override makeUnitWeights(): Tensor {
    const { recurrentInitializer } = this.options;
    return this.addWeight('recurrent_vector', [1, this.units], recurrentInitializer);
  }
}

/**
 * The independently recurrent neural network (Li et al. 2018): h' = activation(x · kernel + recurrent_vector∘h + bias),
 * so that a unit's state comes back to this unit alone. `activation` is relu by default, and the recurrent weights
 * begin uniformly in [0, 1).
 *
 * Input [B, T, I]; output [B, units], or [B, T, units] with `returnSequences`. State: h. Weights: kernel [I, units],
 * bias [units], recurrent_vector [1, units].
 *
 * @throws Error naming the layer where `units` is no positive whole number, or an option is unknown or out of range
 */
export function indRNN(units: number, options: IndRNNOptions = {}): IndRNN {
  return withKnownOptions(new IndRNN({ ...options, units }), options);
}
