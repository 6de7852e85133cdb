/** Long short-term memory with a projection (Sak et al. 2014): its output and its state h are narrower than the layer. */
import type { CellName } from '../backend.ts';
import { LSTM_PROJECTED_KERNELS } from '../kernel_groups/lstm_projected.generated.ts';
import type { KernelSources } from '../kernel_sources.ts';
import type { Config } from './base.ts';
import { withKnownOptions } from './known_options.ts';
import { LSTM } from './lstm.ts';
import type { LSTMConfig, LSTMOptions } from './lstm.ts';
import { positiveInteger } from './shapes.ts';

interface ProjectedOnly {
  /** Features of the output and of the state h, fewer than `units` as a rule. */
  projectionUnits: number;
}
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

export function projectedLSTM(units: number, options: ProjectedLSTMOptions): ProjectedLSTM {
  return withKnownOptions(new ProjectedLSTM({ ...options, units }), options);
}
