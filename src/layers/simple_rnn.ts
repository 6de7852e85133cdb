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

export function simpleRNN(units: number, options: RecurrentLayerOptions = {}): SimpleRNN {
  return withKnownOptions(new SimpleRNN({ ...options, units }), options);
}
