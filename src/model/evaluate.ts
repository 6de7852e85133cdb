/** Loss and metrics over all samples, without training. */
import { readOptions } from '../options.ts';
import type { BatchData, BatchGenerator } from './batch_data.ts';
import { sourceOf } from './batch_sources.ts';
import type { Source } from './batch_sources.ts';
import type { ClassWeight } from './class_weight.ts';
import { MUST_BE } from './fit_options.ts';
import type { Logs } from './history.ts';
import { Pacer } from './pacing.ts';
import { progressFor } from './progress.ts';
import type { Output, Progress, Verbosity } from './progress.ts';
import type { DataSlots } from './slots.ts';
import { measuresOf, recordTest } from './step.ts';
import type { Evaluated } from './step.ts';
import { Totals } from './totals.ts';
import { withBatch } from './upload.ts';

/** How `evaluate` goes through the samples. */
export interface EvaluateOptions {
  /** Samples a step; 32 by default. */
  batchSize?: number;
  /** By sample, [samples], or by step, [samples, steps]; all count once by default. */
  sampleWeight?: BatchData;
  /** Factors by class number; 1 for those that are left out. */
  classWeight?: ClassWeight;
  /** Batches of a generator that does not end. */
  steps?: number;
  /** By default 1, in a browser 0. */
  verbose?: Verbosity;
  /** Ends the evaluation with an error. */
  signal?: AbortSignal;
  /** Where progress is printed; standard output by default, in a browser the console. */
  output?: Output;
}

const DEFAULTS: { readonly [Name in keyof Required<EvaluateOptions>]: EvaluateOptions[Name] } = {
  batchSize: 32,
  sampleWeight: undefined,
  classWeight: undefined,
  steps: undefined,
  verbose: undefined,
  signal: undefined,
  output: undefined,
};

export async function evaluateNetwork(
  evaluated: Evaluated & DataSlots,
  x: BatchData | BatchGenerator,
  y: BatchData | null | undefined,
  options: EvaluateOptions,
): Promise<Logs> {
  const own = readOptions('evaluate', options, DEFAULTS, MUST_BE);
  const source = await sourceOf(evaluated, x, y, own);
  const progress = progressFor(own);
  const logs = await evaluateSource(evaluated, source, { signal: own.signal, progress });
  if (logs === null)
    throw new Error('evaluate: aborted by its signal before it had read all batches');
  return logs;
}

/** @returns null where `signal` ended it early */
export async function evaluateSource(
  { network, outputs }: Evaluated,
  source: Source,
  options: { epoch?: number; signal?: AbortSignal; progress?: Progress | null } = {},
): Promise<Logs | null> {
  const { epoch = 0, signal, progress } = options;
  const { device } = network;
  const totals = new Totals(device, measuresOf(outputs), null);
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  let logs: Logs = {};
  const pacer = new Pacer(device, async (step) => {
    logs = (await totals.read()).logs;
    progress?.update({ step, steps: source.steps, seconds: seconds(), logs });
  });
  try {
    totals.zero();
    progress?.begin(null);
    let steps = 0;
    for await (const data of source.epoch(epoch)) {
      if (signal?.aborted) return null;
      withBatch(device, data, (batch) => recordTest({ network, outputs, totals }, batch));
      await pacer.submit();
      steps++;
    }
    if (steps === 0) throw new Error('evaluate: expected at least one batch, got none');
    await pacer.finish();
    progress?.end({ step: steps, steps, seconds: seconds(), logs });
    return logs;
  } finally {
    progress?.interrupt();
    totals.dispose();
    await source.close?.();
  }
}
