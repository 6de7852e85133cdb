/** Named numbers of a batch, an epoch or an evaluation: `loss`, `accuracy`, `valLoss`, … */
export type Logs = Record<string, number>;

/** What `fit` returns. */
export interface History {
  /** The epochs that were completed, from 0. */
  readonly epoch: number[];
  /** By name, one number an epoch: `loss`, each metric, and with validation data `valLoss`, `valAccuracy`, … */
  readonly history: Record<string, number[]>;
  /** Why training ended before its last epoch: by the signal, or because a callback set `model.stopTraining`. */
  stopped: 'aborted' | 'callback' | null;
}
