/** Training: where the batches come from, and the loop over epochs. */
import { isGenerator, partsOf } from './batch_data.ts';
import type { BatchData, BatchGenerator } from './batch_data.ts';
import { arraySource, generatorSource, sourceOf } from './batch_sources.ts';
import type { Source } from './batch_sources.ts';
import type { Notify } from './callbacks/callback.ts';
import { keyOf } from './compile.ts';
import type { FilledOptions } from './fit_options.ts';
import type { History, Logs } from './history.ts';
import { progressFor } from './progress.ts';
import { prepareSamples, splitSamples } from './samples.ts';
import type { Samples } from './samples.ts';
import type { DataSlots } from './slots.ts';
import { measuresOf, trainingParts } from './step.ts';
import type { Trained } from './step.ts';
import { trainEpoch } from './training_epoch.ts';
import type { TrainingControl } from './training_epoch.ts';

/** Trains a built network on checked options. */
export async function fitNetwork(
  trained: Trained & DataSlots,
  x: BatchData | BatchGenerator,
  y: BatchData | null | undefined,
  options: FilledOptions,
  control: TrainingControl,
  notify: Notify,
): Promise<History> {
  const { epochs, initialEpoch, signal } = options;
  const sources = await sourcesOf(trained, x, y, options, trained.seed);
  const history: History = { epoch: [], history: {}, stopped: null };
  const progress = progressFor(options);
  const parts = { ...trainingParts(trained), ...sources, options, control, notify, progress };
  control.stopTraining = false;
  // Saved with the model from now on. Data that are refused above leave the model as it was.
  control.trainingSeed = trained.seed;
  const names = measuresOf(trained.outputs).map(({ name }) => name);
  const ofValidation = sources.validation ? names.map((name) => keyOf('val', name)) : [];
  control.logNames = [...names, ...ofValidation];
  let logs: Logs = {};
  try {
    await notify('onTrainBegin');
    for (let epoch = initialEpoch; epoch < epochs; epoch++) {
      const result = signal?.aborted ? null : await trainEpoch(parts, epoch);
      if (result === null) {
        history.stopped = signal?.aborted ? 'aborted' : 'callback';
        break;
      }
      logs = result;
      history.epoch.push(epoch);
      for (const [name, value] of Object.entries(logs)) {
        // A metric may be called as what every object has.
        if (!Object.hasOwn(history.history, name)) history.history[name] = [];
        history.history[name].push(value);
      }
      control.epoch = epoch + 1;
      await notify('onEpochEnd', epoch, logs);
      if (control.stopTraining) {
        history.stopped = 'callback';
        break;
      }
    }
    await notify('onTrainEnd', logs);
    return history;
  } finally {
    progress?.interrupt();
    parts.totals.dispose();
    parts.guard.dispose();
    await sources.training.close?.();
  }
}

/** Batches to train on and to validate with. */
async function sourcesOf(
  slots: DataSlots,
  x: BatchData | BatchGenerator,
  y: BatchData | null | undefined,
  options: FilledOptions,
  seed: number,
): Promise<{ training: Source; validation: Source | null }> {
  const { batchSize, shuffle, validationSplit, validationData } = options;
  const { classWeight = null, sampleWeight, stepsPerEpoch = null } = options;
  if (isGenerator(x)) {
    if (y !== undefined && y !== null)
      throw new Error(
        'fit: expected no y with a generator, which yields it; pass options as the last argument',
      );
    if (validationSplit)
      throw new Error('validationSplit: expected arrays, got a generator; pass validationData');
    const training = generatorSource(slots, x, stepsPerEpoch, classWeight);
    return { training, validation: await validationSource(slots, null, options) };
  }
  let samples = await prepareSamples(slots, x, y, sampleWeight, classWeight);
  let heldOut: Samples | null = null;
  if (validationSplit && !validationData)
    [samples, heldOut] = splitSamples(samples, validationSplit);
  return {
    training: arraySource(samples, batchSize, shuffle ? seed : null),
    validation: await validationSource(slots, heldOut, options),
  };
}

async function validationSource(
  slots: DataSlots,
  heldOut: Samples | null,
  { batchSize, validationBatchSize, validationData, validationSteps }: FilledOptions,
): Promise<Source | null> {
  const size = validationBatchSize ?? batchSize;
  if (heldOut) return arraySource(heldOut, size, null);
  if (!validationData) return null;
  const { x, y, sampleWeight } = isGenerator(validationData)
    ? { x: validationData }
    : partsOf(validationData);
  return sourceOf(slots, x, y, { batchSize: size, sampleWeight, steps: validationSteps });
}
