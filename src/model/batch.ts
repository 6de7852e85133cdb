/** Single steps, for training loops of the user's own. */
import type { Model } from '../model.ts';
import type { Batch, BatchData } from './batches.ts';
import type { Compiled } from './compile.ts';
import type { Logs } from './history.ts';
import { prepareBatch } from './prepare.ts';
import type { ClassWeight } from './prepare.ts';
import {
  measuresOf,
  NOT_FINITE_ADVICE,
  recordTest,
  recordTraining,
  trainingParts,
  withBatch,
} from './step.ts';
import { Totals } from './totals.ts';

export interface BatchOptions {
  sampleWeight?: BatchData;
  classWeight?: ClassWeight;
}

export async function trainOnBatch(
  model: Model,
  compiled: Compiled,
  x: BatchData,
  y: BatchData,
  options: BatchOptions,
): Promise<Logs> {
  const batch = await prepared(model, compiled, x, y, options);
  const { device, trainingSeed: seed } = model;
  const parts = trainingParts(model, compiled, seed);
  const { optimizer, guard, totals } = parts;
  try {
    totals.zero();
    const step = optimizer.iterations;
    withBatch(device, batch, (onDevice) => recordTraining(parts, onDevice));
    const { logs, failedStep } = totals.interpret(await device.read(totals.storage));
    if (failedStep === null) return logs;
    optimizer.iterations = step;
    throw new Error(
      `trainOnBatch: the loss or a gradient was not finite in step ${step + 1}. ${NOT_FINITE_ADVICE}`,
    );
  } finally {
    totals.dispose();
    guard.dispose();
  }
}

export async function testOnBatch(
  model: Model,
  compiled: Compiled,
  x: BatchData,
  y: BatchData,
  options: BatchOptions,
): Promise<Logs> {
  const batch = await prepared(model, compiled, x, y, options);
  const { device } = model;
  const outputs = compiled.outputsOf(model.outputs);
  const totals = new Totals(device, measuresOf(outputs), null);
  try {
    totals.zero();
    withBatch(device, batch, (onDevice) => recordTest({ model, outputs, totals }, onDevice));
    return totals.interpret(await device.read(totals.storage)).logs;
  } finally {
    totals.dispose();
  }
}

function prepared(
  model: Model,
  compiled: Compiled,
  x: BatchData,
  y: BatchData,
  { sampleWeight, classWeight }: BatchOptions,
): Promise<Batch> {
  const outputsOf = () => compiled.outputsOf(model.outputs);
  return prepareBatch(model, outputsOf, { x, y, sampleWeight }, classWeight);
}
