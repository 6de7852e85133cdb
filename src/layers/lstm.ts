/** Long short-term memory (Hochreiter and Schmidhuber 1997), with the forget gate of Gers et al. 2000. */
import type { CellName } from '../backend.ts';
import type { Config } from './base.ts';
import { GatedRecurrentLayer } from './gated.ts';
import type { GatedOptions } from './gated.ts';
import { withKnownOptions } from './known_options.ts';
import type { RecurrentLayerConfig, RecurrentLayerOptions } from './recurrent.ts';

/** Beside those of all recurrent layers. @inline */
interface LSTMOnly extends GatedOptions {
  /** Whether the forget gate's bias begins at 1 (Jozefowicz et al. 2015). True by default. */
  unitForgetBias?: boolean;
}
/** The options of `layers.lstm`. */
export type LSTMOptions = RecurrentLayerOptions & LSTMOnly;
export type LSTMConfig = RecurrentLayerConfig & LSTMOnly;

/**
 * i, f, o = recurrentActivation(·), g = activation(·); c' = f∘c + i∘g; h' = o∘activation(c').
 *
 * Weights, the gates in the order i f g o: kernel [I, 4H], recurrent_kernel [H, 4H], bias [4H].
 */
export class LSTM extends GatedRecurrentLayer {
  static override readonly className: string = 'LSTM';
  /** Whether the bias of the forget gate began at 1. */
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

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997), with the forget gate of Gers et al. 2000: i, f, o =
 * recurrentActivation(·), g = activation(·); c' = f∘c + i∘g; h' = o∘activation(c'). A sum · is x · kernel + h ·
 * recurrent_kernel + bias.
 *
 * Input [B, T, I]; output [B, units], or [B, T, units] with `returnSequences`. States: h, c [B, units]. Weights, the
 * gates in the order i f g o: kernel [I, 4·units], recurrent_kernel [units, 4·units], bias [4·units], whose forget gate
 * begins at 1.
 *
 * @param units H, the width of the states and of the output
 * @throws Error naming the layer where `units` is no positive whole number, or an option is unknown or out of range
 * @example
 * ```js
 * const model = sequential([
 *   layers.input({ shape: [null, 8] }), // sequences of any length with 8 features
 *   layers.lstm(32, { returnSequences: true }), // [batch, time, 32]
 *   layers.lstm(16, { dropout: 0.2 }), // [batch, 16]
 * ]);
 * const [output, h, c] = layers.lstm(4, { returnState: true }).apply(layers.input({ shape: [null, 8] }));
 * console.log(model.outputs[0].shape, c.shape); // prints [ null, 16 ] [ null, 4 ]
 * ```
 */
export function lstm(units: number, options: LSTMOptions = {}): LSTM {
  return withKnownOptions(new LSTM({ ...options, units }), options);
}
