/** One batch at a time, for training loops of your own. */
import { checkNames } from '../options.ts';
import type { BatchData } from './batch_data.ts';
import { prepareBatch } from './batch_sources.ts';
import type { ClassWeight } from './class_weight.ts';
import { failure } from './failed_step.ts';
import type { Logs } from './history.ts';
import type { DataSlots } from './slots.ts';
import { measuresOf, recordTest, recordTraining, trainingParts } from './step.ts';
import type { Evaluated, Trained } from './step.ts';
import { Totals } from './totals.ts';
import { withBatch } from './upload.ts';

/** What `trainOnBatch` and `testOnBatch` weigh samples by. */
export interface BatchOptions {
  /** By sample, [samples], or by step, [samples, steps]; all count once by default. */
  sampleWeight?: BatchData;
  /** Factors by class number; 1 for those that are left out. */
  classWeight?: ClassWeight;
}

function batchOptions(what: string, options: BatchOptions): BatchOptions {
  checkNames(what, options, ['sampleWeight', 'classWeight']);
  return options;
}

export async function trainOnBatch(
  trained: Trained & DataSlots,
  x: BatchData,
  y: BatchData,
  options: BatchOptions,
): Promise<Logs> {
  const { sampleWeight, classWeight } = batchOptions('trainOnBatch', options);
  const batch = await prepareBatch(trained, { x, y, sampleWeight }, classWeight);
  const { network, optimizer } = trained;
  const parts = trainingParts(trained);
  const { guard, totals } = parts;
  try {
    totals.zero();
    const step = optimizer.iterations;
    withBatch(network.device, batch, (onDevice) => recordTraining(parts, onDevice));
    const { logs, failedStep } = await totals.read();
    if (failedStep === null) return logs;
    optimizer.iterations = step;
    throw await failure('trainOnBatch', parts, `${step + 1}`, batch);
  } finally {
    totals.dispose();
    guard.dispose();
  }
}

export async function testOnBatch(
  evaluated: Evaluated & DataSlots,
  x: BatchData,
  y: BatchData,
  options: BatchOptions,
): Promise<Logs> {
  const { sampleWeight, classWeight } = batchOptions('testOnBatch', options);
  const batch = await prepareBatch(evaluated, { x, y, sampleWeight }, classWeight);
  const { device } = evaluated.network;
  const totals = new Totals(device, measuresOf(evaluated.outputs), null);
  try {
    totals.zero();
    withBatch(device, batch, (onDevice) => recordTest({ ...evaluated, totals }, onDevice));
    return (await totals.read()).logs;
  } finally {
    totals.dispose();
  }
}
