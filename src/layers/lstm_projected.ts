/** Long short-term memory with a projection (Sak et al. 2014): its output and its state h are narrower than the layer. */
import type { CellName } from '../backend.ts';
import { LSTM_PROJECTED_KERNELS } from '../kernel_groups/lstm_projected.generated.ts';
import type { KernelSources } from '../kernel_sources.ts';
import type { Config } from './base.ts';
import { withKnownOptions } from './known_options.ts';
import { LSTM } from './lstm.ts';
import type { LSTMConfig, LSTMOptions } from './lstm.ts';
import { positiveInteger } from './shapes.ts';

/** Beside those of all recurrent layers. @inline */
interface ProjectedOnly {
  /** Features of the output and of the state h, fewer than `units` as a rule. */
  projectionUnits: number;
}
/** The options of `layers.projectedLSTM`. */
export type ProjectedLSTMOptions = LSTMOptions & ProjectedOnly;
export type ProjectedLSTMConfig = LSTMConfig & ProjectedOnly;

/**
 * i, f, o = recurrentActivation(·), g = activation(·); c' = f∘c + i∘g; h' = (o∘activation(c')) · projection_kernel, with P features. As
 * `proj_size` in PyTorch.
 *
 * Weights, the gates in the order i f g o: kernel [I, 4H], recurrent_kernel [P, 4H], projection_kernel [H, P], bias [4H]. States: h [batch, P],
 * c [batch, H].
 */
export class ProjectedLSTM extends LSTM {
  static override readonly className: string = 'ProjectedLSTM';
  /** P, the width of the output and of the first state. */
  readonly projectionUnits: number;

  constructor(config: ProjectedLSTMConfig) {
    super(config);
    this.projectionUnits = config.projectionUnits;
    positiveInteger(this.name, 'projectionUnits', this.projectionUnits);
    if (this.projectionUnits > this.units)
      throw new Error(
        `${this.name}: expected projectionUnits of at most ${this.units}, as many as units, got ${this.projectionUnits}`,
      );
  }

  override get cell(): CellName {
    return 'lstm_projected';
  }
  protected override get kernels(): readonly KernelSources[] {
    return [LSTM_PROJECTED_KERNELS];
  }
  override get outputUnits(): number {
    return this.projectionUnits;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), projectionUnits: this.projectionUnits };
  }
}

/**
 * An LSTM whose output and state h are narrower than the layer (Sak et al. 2014), `proj_size` in PyTorch: h' =
 * (o∘activation(c')) · projection_kernel.
 *
 * Input [B, T, I]; output [B, P], or [B, T, P] with `returnSequences`, P being `projectionUnits`. States: h [B, P], c
 * [B, units]. Weights: kernel [I, 4·units], recurrent_kernel [P, 4·units], projection_kernel [units, P], bias
 * [4·units].
 *
 * @throws Error naming the layer where `units` is no positive whole number, or an option is unknown or out of range
 * @example
 * ```js
 * const layer = layers.projectedLSTM(64, { projectionUnits: 16, returnSequences: true });
 * console.log(layer.apply(layers.input({ shape: [null, 8] })).shape); // prints [ null, null, 16 ]
 * ```
 */
export function projectedLSTM(units: number, options: ProjectedLSTMOptions): ProjectedLSTM {
  return withKnownOptions(new ProjectedLSTM({ ...options, units }), options);
}
