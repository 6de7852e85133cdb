/** The gated recurrent unit (Cho et al. 2014). */
import type { CellName } from '../backend.ts';
import type { Config } from './base.ts';
import { GatedRecurrentLayer } from './gated.ts';
import type { GatedOptions } from './gated.ts';
import { withKnownOptions } from './known_options.ts';
import type { RecurrentLayerConfig, RecurrentLayerOptions } from './recurrent.ts';

interface GRUOnly extends GatedOptions {
  /** Whether the reset gate comes after the recurrent product, as in cuDNN (true by default), or before it. */
  resetAfter?: boolean;
}
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

export function gru(units: number, options: GRUOptions = {}): GRU {
  return withKnownOptions(new GRU({ ...options, units }), options);
}
