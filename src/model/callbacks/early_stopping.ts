import type { NumericArray } from '../../backend.ts';
import type { Shape } from '../../tensor.ts';
import type { CallbackFor, CallbackModel } from './callback.ts';
import { Monitor, monitorOptions } from './monitor.ts';
import type { MonitorOptions } from './monitor.ts';

/** When `earlyStopping` ends training. Names and defaults are those of Keras. */
export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs without improvement that are waited for; 0 by default. */
  patience?: number;
  /** Improvement counts only beyond this value; none by default. */
  baseline?: number | null;
  /** At the end of training, the weights go back to those of the best epoch; false by default. */
  restoreBestWeights?: boolean;
  /** Epochs before this one are not watched; 0 by default. */
  startFromEpoch?: number;
}

/** Ends training when the watched number has not improved for `patience` epochs (Keras' EarlyStopping). */
export function earlyStopping(options: EarlyStoppingOptions = {}): CallbackFor<CallbackModel> {
  const own = monitorOptions('earlyStopping', options, {
    patience: 0,
    baseline: null as number | null,
    restoreBestWeights: false,
    startFromEpoch: 0,
  });
  const { patience, baseline, restoreBestWeights, startFromEpoch } = own;
  const monitor = new Monitor('earlyStopping', own);
  let wait = 0;
  let best: { shape: Shape; data: NumericArray }[] | null = null;
  return {
    onTrainBegin(model) {
      monitor.begin(model);
      wait = 0;
      best = null;
      monitor.reset();
    },
    async onEpochEnd(epoch, logs, model) {
      const value = monitor.valueIn(logs);
      if (epoch < startFromEpoch) return;
      if (restoreBestWeights) best ??= await model.getWeights();
      wait++;
      if (monitor.isBetter(value)) {
        monitor.best = value;
        if (restoreBestWeights) best = await model.getWeights();
        // Waiting starts anew only where the baseline is beaten too.
        if (baseline === null || monitor.isBetter(value, baseline)) wait = 0;
      } else if (wait >= patience && epoch > 0) model.stopTraining = true;
    },
    onTrainEnd(_, model) {
      if (best) model.setWeights(best);
    },
  };
}
