/** The loop over epochs. */
import type { Model } from '../model.ts';
import type { BatchData, BatchGenerator } from './batches.ts';
import { checkCallbacks, notify } from './callbacks/callback.ts';
import type { Compiled } from './compile.ts';
import { addEpoch, newHistory } from './history.ts';
import type { History, Logs } from './history.ts';
import { checkFitOptions } from './options.ts';
import type { FitOptions } from './options.ts';
import { progressFor } from './progress.ts';
import { TrainingRun } from './run.ts';
import { sourcesOf } from './sources.ts';

export async function fitModel(
  model: Model,
  compiled: Compiled,
  x: BatchData | BatchGenerator,
  y: BatchData | null | undefined,
  options: FitOptions,
): Promise<History> {
  const { epochs = 1, initialEpoch = 0, callbacks = [], signal } = options;
  checkFitOptions(options);
  checkCallbacks(callbacks);
  const seed = options.seed ?? model.trainingSeed;
  model.trainingSeed = seed;
  const sources = await sourcesOf(model, compiled, x, y, options, seed);
  const history = newHistory();
  const progress = progressFor(options);
  const run = new TrainingRun(model, compiled, options, seed, progress);
  model.stopTraining = false;
  let logs: Logs = {};
  try {
    await notify(callbacks, 'onTrainBegin', model);
    for (let epoch = initialEpoch; epoch < epochs; epoch++) {
      if (signal?.aborted) {
        history.stopped = 'aborted';
        break;
      }
      const found = await run.epoch(epoch, sources);
      if (found === null) {
        history.stopped = signal?.aborted ? 'aborted' : 'callback';
        break;
      }
      logs = found;
      addEpoch(history, epoch, logs);
      model.epoch = epoch + 1;
      await notify(callbacks, 'onEpochEnd', epoch, logs, model);
      if (model.stopTraining) {
        history.stopped = 'callback';
        break;
      }
    }
    await notify(callbacks, 'onTrainEnd', logs, model);
    return history;
  } finally {
    run.dispose();
    await sources.training.close?.();
  }
}
