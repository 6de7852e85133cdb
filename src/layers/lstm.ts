/** Long short-term memory (Hochreiter and Schmidhuber 1997), with the forget gate of Gers et al. 2000. */
import type { CellName } from '../backend.ts';
import type { Config } from './base.ts';
import { GatedRecurrentLayer } from './gated.ts';
import type { GatedOptions } from './gated.ts';
import { withKnownOptions } from './known_options.ts';
import type { RecurrentLayerConfig, RecurrentLayerOptions } from './recurrent.ts';

interface LSTMOnly extends GatedOptions {
  /** Whether the forget gate's bias begins at 1 (Jozefowicz et al. 2015). True by default. */
  unitForgetBias?: boolean;
}
export type LSTMOptions = RecurrentLayerOptions & LSTMOnly;
export type LSTMConfig = RecurrentLayerConfig & LSTMOnly;

/**
 * i, f, o = recurrentActivation(·), g = activation(·); c' = f∘c + i∘g; h' = o∘activation(c').
 *
 * Weights, the gates in the order i f g o: kernel [I, 4H], recurrent_kernel [H, 4H], bias [4H].
 */
export class LSTM extends GatedRecurrentLayer {
  static override readonly className: string = 'LSTM';
  readonly unitForgetBias: boolean;

  constructor(config: LSTMConfig) {
    super(config);
    this.unitForgetBias = config.unitForgetBias ?? true;
  }

  override get cell(): CellName {
    return 'lstm';
  }

  protected override get openGate(): string | null {
    return this.unitForgetBias ? 'f' : null;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), unitForgetBias: this.unitForgetBias };
  }
}

export function lstm(units: number, options: LSTMOptions = {}): LSTM {
  return withKnownOptions(new LSTM({ ...options, units }), options);
}
