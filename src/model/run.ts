/** The epochs of one `fit`: steps, totals, progress, and what happens when a step goes wrong. */
import type { Device, NumericArray } from '../backend.ts';
import type { Model } from '../model.ts';
import { Tensor } from '../tensor.ts';
import type { Batch } from './batches.ts';
import { notify } from './callbacks/callback.ts';
import type { Compiled } from './compile.ts';
import { evaluateSource } from './evaluate.ts';
import { validationName } from './history.ts';
import type { Logs } from './history.ts';
import type { FitOptions } from './options.ts';
import type { Progress } from './progress.ts';
import { Reader } from './reader.ts';
import type { Sources } from './sources.ts';
import { NOT_FINITE_ADVICE, recordTraining, trainingParts, withBatch } from './step.ts';
import type { TrainingParts } from './step.ts';

/** What was last read of an epoch. */
interface Heard {
  step: number;
  failed: number | null;
  logs: Logs;
}

export class TrainingRun {
  private readonly model: Model;
  private readonly options: FitOptions;
  private readonly device: Device;
  private readonly parts: TrainingParts;
  private readonly progress: Progress | null;
  /** Batches whose steps have not been heard of, to say what was in one that failed. */
  private readonly inFlight: { step: number; batch: number; data: Batch }[] = [];

  constructor(
    model: Model,
    compiled: Compiled,
    options: FitOptions,
    seed: number,
    progress: Progress | null,
  ) {
    this.model = model;
    this.options = options;
    this.device = model.device;
    this.parts = trainingParts(model, compiled, seed);
    this.progress = progress;
  }

  dispose(): void {
    this.progress?.interrupt();
    this.parts.totals.dispose();
    this.parts.guard.dispose();
  }

  /** Trains and validates for one epoch; null where it was ended early. */
  async epoch(epoch: number, { training, validation }: Sources): Promise<Logs | null> {
    const { model, options, progress } = this;
    const { callbacks = [], epochs = 1, signal, stepsPerEpoch } = options;
    await notify(callbacks, 'onEpochBegin', epoch, model);
    progress?.begin(`Epoch ${epoch + 1}/${epochs}`);
    const began = performance.now();
    const limit = Math.min(stepsPerEpoch ?? Infinity, training.steps ?? Infinity);
    const steps = limit === Infinity ? null : limit;

    const { totals } = this.parts;
    totals.zero();
    const heard: Heard = { step: 0, failed: null, logs: {} };
    const onRead = (values: NumericArray, step: number): void => {
      const found = totals.interpret(values);
      Object.assign(heard, { step, failed: found.failedStep, logs: found.logs });
      if (heard.failed === null) this.forget(step);
    };
    const reader = new Reader(this.device, totals.storage, onRead, options.readEvery ?? null);
    const seconds = (): number => (performance.now() - began) / 1000;
    let batch = 0;
    let shown = 0;
    let stopped = false;
    for await (const data of training.epoch(epoch)) {
      if (batch === steps) break;
      await notify(callbacks, 'onBatchBegin', batch, model);
      await this.step(data, batch, reader);
      this.throwFailure(heard.failed, epoch);
      await notify(callbacks, 'onBatchEnd', batch, heard.logs, model);
      batch++;
      if (heard.step > shown) {
        shown = heard.step;
        const state = { step: shown, steps, seconds: seconds(), logs: heard.logs };
        progress?.update(state);
        await notify(callbacks, 'onProgress', { ...state, epoch, epochs }, model);
      }
      stopped = model.stopTraining || signal?.aborted === true;
      if (stopped) break;
    }
    await reader.finish();
    this.throwFailure(heard.failed, epoch);
    if (batch === 0)
      throw new Error(`fit: expected at least one batch in epoch ${epoch + 1}, got none`);
    if (stopped && batch !== steps) return null;
    const logs = { ...heard.logs };
    if (validation) {
      const { parts } = this;
      const result = await evaluateSource(model, () => parts.outputs, validation, {
        epoch,
        signal,
      });
      if (result === null) return null;
      for (const [name, value] of Object.entries(result)) logs[validationName(name)] = value;
    }
    progress?.end({ step: batch, steps: batch, seconds: seconds(), logs });
    return logs;
  }

  /** Batches whose steps went well are the user's again. */
  private forget(steps: number): void {
    while (this.inFlight.length > 0 && this.inFlight[0].batch < steps) this.inFlight.shift();
  }

  private async step(data: Batch, batch: number, reader: Reader): Promise<void> {
    const { optimizer } = this.parts;
    this.inFlight.push({ step: optimizer.iterations, batch, data });
    withBatch(this.device, data, (onDevice) => recordTraining(this.parts, onDevice));
    await reader.submit();
  }

  /** The guard has kept the weights; what came after the failing step has changed nothing. */
  private throwFailure(step: number | null, epoch: number): void {
    if (step === null) return;
    const { optimizer } = this.parts;
    optimizer.iterations = step;
    const found = this.inFlight.find((one) => one.step === step);
    const where = found ? `, batch ${found.batch + 1} (${found.data.rows})` : '';
    throw new Error(
      `fit: the loss or a gradient was not finite in step ${step + 1} (epoch ${epoch + 1}${where}). ` +
        `${found ? describeData(found.data) : ''}${NOT_FINITE_ADVICE}`,
    );
  }
}

/** Whether the batch itself holds what makes a loss infinite. */
function describeData(batch: Batch): string {
  for (const [what, arrays] of [
    ['inputs', batch.x],
    ['targets', batch.y],
  ] as const)
    for (const array of arrays) {
      if (array instanceof Tensor) continue;
      const at = array.data.findIndex((value: number) => !Number.isFinite(value));
      if (at >= 0) return `Its ${what} hold ${array.data[at]} at index ${at} of [${array.shape}]. `;
    }
  return '';
}
