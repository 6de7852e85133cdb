/** What the gated cells, LSTM and GRU, have in common: an activation of the gates beside that of the state. */
import { cellActivation, mapOf } from './activation_names.ts';
import type { CellActivation, CellActivationOption } from './activation_names.ts';
import type { Config } from './base.ts';
import { RecurrentLayer } from './recurrent.ts';
import type { CellOptions, RecurrentLayerConfig } from './recurrent.ts';

/** The option that cells with gates have beside that of the state. */
export interface GatedOptions {
  /** The activation of the gates; `sigmoid` by default, any that works element by element. */
  recurrentActivation?: CellActivationOption;
}

export abstract class GatedRecurrentLayer extends RecurrentLayer {
  /** Of the gates. */
  readonly recurrentActivation: CellActivation;

  constructor(config: RecurrentLayerConfig & GatedOptions) {
    super(config);
    this.recurrentActivation = cellActivation(
      this.name,
      'recurrentActivation',
      config.recurrentActivation,
      'sigmoid',
    );
  }

  override get cellOptions(): CellOptions {
    return { ...super.cellOptions, recurrentActivation: mapOf(this.recurrentActivation) };
  }

  override getConfig(): Config {
    return { ...super.getConfig(), recurrentActivation: this.recurrentActivation };
  }
}
