/** One epoch of training: steps, totals, progress, validation, and what happens when a step goes wrong. */
import type { Batch, Source } from './batch_sources.ts';
import type { Notify } from './callbacks/callback.ts';
import { keyOf } from './compile.ts';
import { evaluateSource } from './evaluate.ts';
import { failure } from './failed_step.ts';
import type { FilledOptions } from './fit_options.ts';
import type { Logs } from './history.ts';
import { Pacer } from './pacing.ts';
import type { Progress } from './progress.ts';
import { recordTraining } from './step.ts';
import type { TrainingParts } from './step.ts';
import { withBatch } from './upload.ts';

/** What callbacks and the training loop tell each other: a model. */
export interface TrainingControl {
  /** Epochs completed. */
  epoch: number;
  /** Ends training after the running step. */
  stopTraining: boolean;
  /** What each epoch logs, by name. */
  logNames: readonly string[];
  /** Of the order of samples and of dropout. */
  trainingSeed: number;
}

export interface Training extends TrainingParts {
  readonly training: Source;
  readonly validation: Source | null;
  readonly options: FilledOptions;
  readonly control: TrainingControl;
  readonly notify: Notify;
  readonly progress: Progress | null;
}

/** What the totals said when they were last read. */
interface LastRead {
  readonly step: number;
  readonly failedStep: number | null;
  readonly logs: Logs;
}

/** A step that the last read did not count. If it fails, the error describes its batch. */
interface UnreadStep {
  readonly step: number;
  readonly batch: number;
  readonly data: Batch;
}

/** Trains and validates for one epoch; null where it was ended early. */
export async function trainEpoch(parts: Training, epoch: number): Promise<Logs | null> {
  const { network, optimizer, totals, training, validation } = parts;
  const { options, control, notify, progress } = parts;
  const { epochs, signal, stepsPerEpoch, readEvery } = options;
  await notify('onEpochBegin', epoch);
  progress?.begin(`Epoch ${epoch + 1}/${epochs}`);
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const limit = Math.min(stepsPerEpoch ?? Infinity, training.steps ?? Infinity);
  const steps = limit === Infinity ? null : limit;

  totals.zero();
  const unread: UnreadStep[] = [];
  let read: LastRead = { step: 0, failedStep: null, logs: {} };
  const answer = async (step: number): Promise<void> => {
    read = { step, ...(await totals.read()) };
    if (read.failedStep === null)
      while (unread.length > 0 && unread[0].batch < step) unread.shift();
  };
  const throwFailure = async (): Promise<void> => {
    const step = read.failedStep;
    if (step === null) return;
    // The guard has kept the weights: the failed step and those after it have changed nothing.
    optimizer.iterations = step;
    const found = unread.find((one) => one.step === step);
    const where = found ? `, batch ${found.batch + 1} (${found.data.rows})` : '';
    throw await failure('fit', parts, `${step + 1} (epoch ${epoch + 1}${where})`, found?.data);
  };
  const pacer = new Pacer(network.device, answer, readEvery);
  let batch = 0;
  let shown = 0;
  let stopped = false;
  for await (const data of training.epoch(epoch)) {
    if (batch === steps) break;
    await notify('onBatchBegin', batch);
    unread.push({ step: optimizer.iterations, batch, data });
    withBatch(network.device, data, (onDevice) => recordTraining(parts, onDevice));
    await pacer.submit();
    await throwFailure();
    await notify('onBatchEnd', batch, read.logs);
    batch++;
    if (read.step > shown) {
      shown = read.step;
      const state = { step: shown, steps, seconds: seconds(), logs: read.logs };
      progress?.update(state);
      await notify('onProgress', { ...state, epoch, epochs });
    }
    stopped = control.stopTraining || signal?.aborted === true;
    if (stopped) break;
  }
  await pacer.finish();
  await throwFailure();
  if (batch === 0)
    throw new Error(`fit: expected at least one batch in epoch ${epoch + 1}, got none`);
  if (stopped && batch !== steps) return null;
  const logs = { ...read.logs };
  if (validation) {
    const result = await evaluateSource(parts, validation, { epoch, signal });
    if (result === null) return null;
    for (const [name, value] of Object.entries(result)) logs[keyOf('val', name)] = value;
  }
  progress?.end({ step: batch, steps: batch, seconds: seconds(), logs });
  return logs;
}
