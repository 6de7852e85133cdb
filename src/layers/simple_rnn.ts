/** The simple recurrent layer (Elman 1990). */
import type { CellName } from '../backend.ts';
import { withKnownOptions } from './known_options.ts';
import { RecurrentLayer } from './recurrent.ts';
import type { RecurrentLayerOptions } from './recurrent.ts';

/**
 * h' = activation(x · kernel + h · recurrent_kernel + bias).
 *
 * Weights: kernel [I, H], recurrent_kernel [H, H], bias [H].
 */
export class SimpleRNN extends RecurrentLayer {
  static override readonly className: string = 'SimpleRNN';
  override get cell(): CellName {
    return 'simple';
  }
}

/**
 * The simple recurrent layer (Elman 1990): h' = activation(x · kernel + h · recurrent_kernel + bias), with tanh by
 * default.
 *
 * Input [B, T, I]; output [B, units], or [B, T, units] with `returnSequences`. State: h [B, units]. Weights: kernel [I,
 * units], recurrent_kernel [units, units], bias [units].
 *
 * @param units H, the width of the state and of the output
 * @throws Error naming the layer where `units` is no positive whole number, or an option is unknown or out of range
 */
export function simpleRNN(units: number, options: RecurrentLayerOptions = {}): SimpleRNN {
  return withKnownOptions(new SimpleRNN({ ...options, units }), options);
}
