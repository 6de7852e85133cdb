/** Loss and metrics over all batches of a source, without training. */
import type { NumericArray } from '../backend.ts';
import type { Model } from '../model.ts';
import { arraySource, isGenerator } from './batches.ts';
import type { BatchData, BatchGenerator, Source } from './batches.ts';
import type { Compiled, CompiledOutput } from './compile.ts';
import type { Logs } from './history.ts';
import { positiveCounts } from './options.ts';
import { generatedSource, prepareSamples } from './prepare.ts';
import type { ClassWeight } from './prepare.ts';
import { progressFor } from './progress.ts';
import type { Output, Progress, Verbosity } from './progress.ts';
import { Reader } from './reader.ts';
import { measuresOf, recordTest, withBatch } from './step.ts';
import { Totals } from './totals.ts';

export interface EvaluateOptions {
  batchSize?: number;
  sampleWeight?: BatchData;
  classWeight?: ClassWeight;
  /** Batches of a generator that does not end. */
  steps?: number;
  /** By default 1, in a browser 0. */
  verbose?: Verbosity;
  signal?: AbortSignal;
  output?: Output;
}

export async function evaluateModel(
  model: Model,
  compiled: Compiled,
  x: BatchData | BatchGenerator,
  y: BatchData | null | undefined,
  options: EvaluateOptions,
): Promise<Logs> {
  const { batchSize = 32, sampleWeight, classWeight, signal, steps } = options;
  positiveCounts('evaluate', { batchSize, steps });
  const outputsOf = () => compiled.outputsOf(model.outputs);
  const source = isGenerator(x)
    ? generatedSource(model, outputsOf, x, steps, classWeight)
    : arraySource(
        await prepareSamples(model, outputsOf, x, y, sampleWeight, classWeight),
        batchSize,
        null,
      );
  const progress = progressFor(options);
  const logs = await evaluateSource(model, outputsOf, source, { signal, progress });
  if (logs === null) throw new Error('evaluate: aborted by its signal');
  return logs;
}

/** @returns null where `signal` ended it early */
export async function evaluateSource(
  model: Model,
  outputsOf: () => readonly CompiledOutput[],
  source: Source,
  options: { epoch?: number; signal?: AbortSignal | undefined; progress?: Progress | null } = {},
): Promise<Logs | null> {
  const { epoch = 0, signal, progress } = options;
  const { device } = model;
  const outputs = outputsOf();
  const totals = new Totals(device, measuresOf(outputs), null);
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  let logs: Logs = {};
  const onRead = (values: NumericArray, step: number): void => {
    logs = totals.interpret(values).logs;
    progress?.update({ step, steps: source.steps, seconds: seconds(), logs });
  };
  const reader = new Reader(device, totals.storage, onRead, null);
  try {
    totals.zero();
    progress?.begin(null);
    let steps = 0;
    for await (const data of source.epoch(epoch)) {
      if (signal?.aborted) return null;
      withBatch(device, data, (batch) => recordTest({ model, outputs, totals }, batch));
      await reader.submit();
      steps++;
    }
    if (steps === 0) throw new Error('evaluate: expected at least one batch, got none');
    await reader.finish();
    progress?.end({ step: steps, steps, seconds: seconds(), logs });
    return logs;
  } finally {
    progress?.interrupt();
    totals.dispose();
    await source.close?.();
  }
}
