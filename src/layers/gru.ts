/** The gated recurrent unit (Cho et al. 2014). */
import type { CellName } from '../backend.ts';
import type { Config } from './base.ts';
import { GatedRecurrentLayer } from './gated.ts';
import type { GatedOptions } from './gated.ts';
import { withKnownOptions } from './known_options.ts';
import type { RecurrentLayerConfig, RecurrentLayerOptions } from './recurrent.ts';

/** Beside those of all recurrent layers. @inline */
interface GRUOnly extends GatedOptions {
  /** Whether the reset gate comes after the recurrent product, as in cuDNN (true by default), or before it. */
  resetAfter?: boolean;
}
/** The options of `layers.gru`. */
export type GRUOptions = RecurrentLayerOptions & GRUOnly;
export type GRUConfig = RecurrentLayerConfig & GRUOnly;

/**
 * z, r = recurrentActivation(·); h' = z∘h + (1-z)∘n, where n = activation(x_n + r∘(hR_n + b_n)) with `resetAfter`, or
 * n = activation(x_n + (r∘h)R_n) without.
 *
 * Weights, the gates in the order z r n: kernel [I, 3H], recurrent_kernel [H, 3H], bias [2, 3H] (input side, recurrent
 * side) with `resetAfter`, or [3H] without.
 */
export class GRU extends GatedRecurrentLayer {
  static override readonly className: string = 'GRU';
  /** Whether the reset gate comes after the recurrent product. */
  readonly resetAfter: boolean;

  constructor(config: GRUConfig) {
    super(config);
    this.resetAfter = config.resetAfter ?? true;
  }

  override get cell(): CellName {
    return this.resetAfter ? 'gru' : 'gru_reset_before';
  }

  override getConfig(): Config {
    return { ...super.getConfig(), resetAfter: this.resetAfter };
  }
}

/**
 * The gated recurrent unit (Cho et al. 2014): z, r = recurrentActivation(·); h' = z∘h + (1 - z)∘n, with n =
 * activation(x_n + r∘(h · R_n + b_n)) where `resetAfter` is true, as by default and in cuDNN, else n = activation(x_n +
 * (r∘h) · R_n).
 *
 * Input [B, T, I]; output [B, units], or [B, T, units] with `returnSequences`. State: h [B, units]. Weights, the gates
 * in the order z r n: kernel [I, 3·units], recurrent_kernel [units, 3·units], bias [2, 3·units] (input side, recurrent
 * side), or [3·units] without `resetAfter`.
 *
 * @param units H, the width of the state and of the output
 * @throws Error naming the layer where `units` is no positive whole number, or an option is unknown or out of range
 * @example
 * ```js
 * const model = sequential([layers.input({ shape: [null, 8] }), layers.gru(16)]);
 * console.log(model.outputs[0].shape); // prints [ null, 16 ]
 * ```
 */
export function gru(units: number, options: GRUOptions = {}): GRU {
  return withKnownOptions(new GRU({ ...options, units }), options);
}
