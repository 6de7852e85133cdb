/** One step of training or of evaluation, recorded in full before it is handed to the device. */
import { gradientsOf, noGrad } from '../autograd.ts';
import type { Device } from '../backend.ts';
import type { CallContext } from '../layers/base.ts';
import type { Model } from '../model.ts';
import { computeLoss } from '../losses.ts';
import { cast } from '../ops/compare.ts';
import { add, mul } from '../ops/map.ts';
import { expandDims } from '../ops/shape.ts';
import type { Optimizer } from '../optimizers/index.ts';
import { StepGuard } from '../optimizers/guard.ts';
import { scope, tensor, Tensor } from '../tensor.ts';
import type { HostArray } from './arrays.ts';
import type { Batch } from './batches.ts';
import { keyOf } from './compile.ts';
import type { Compiled, CompiledOutput } from './compile.ts';
import { Totals } from './totals.ts';
import type { Measure } from './totals.ts';

/** A batch on the device. */
export interface DeviceBatch {
  readonly x: readonly Tensor[];
  readonly y: readonly Tensor[];
  readonly sampleWeight: readonly (Tensor | null)[];
  readonly size: number;
  /** Frees what was uploaded; tensors of the user are the user's. */
  free(): void;
}

/** Uploads a batch. To be called before anything of its step is recorded: a later upload would split the submit. */
export function upload(device: Device, batch: Batch): DeviceBatch {
  const made: Tensor[] = [];
  const toDevice = <T extends HostArray | Tensor | null>(array: T): Tensor => {
    if (array instanceof Tensor) {
      if (array.device !== device)
        throw new Error(
          `fit: expected tensors on the model's device (${device.description}), got ${array} on ${array.device.description}`,
        );
      return array;
    }
    const rows = array as HostArray;
    const { data, shape } = rows.encode?.(rows.data) ?? rows;
    const uploaded = tensor(data, shape, undefined, device);
    made.push(uploaded);
    return uploaded;
  };
  const free = (): void => made.forEach((one) => one.dispose());
  try {
    return {
      x: batch.x.map(toDevice),
      y: batch.y.map(toDevice),
      sampleWeight: batch.sampleWeight.map((weight) => weight && toDevice(weight)),
      size: batch.size,
      free,
    };
  } catch (error) {
    free();
    throw error;
  }
}

/** Uploads a batch for `use`, which records a step with it. Its memory is given to nobody before that is carried out. */
export function withBatch<T>(device: Device, batch: Batch, use: (batch: DeviceBatch) => T): T {
  const onDevice = upload(device, batch);
  try {
    return use(onDevice);
  } finally {
    onDevice.free();
  }
}

/** What a step measures, in the order of its totals. */
export function measuresOf(outputs: readonly CompiledOutput[]): Measure[] {
  const losses = outputs.length > 1 ? outputs.filter(({ loss }) => loss !== null) : [];
  return [
    { name: 'loss' },
    ...losses.map(({ name }) => ({ name: keyOf(name, 'loss') })),
    ...outputs.flatMap(({ metrics }) =>
      metrics.map(({ key, metric }) => ({
        name: key,
        finish: (mean: number) => metric.finish?.(mean) ?? mean,
      })),
    ),
  ];
}

export interface StepParts {
  readonly model: Model;
  readonly outputs: readonly CompiledOutput[];
  readonly totals: Totals;
}

export interface TrainingParts extends StepParts {
  readonly optimizer: Optimizer;
  readonly guard: StepGuard;
  readonly seed: number;
}

/** What training needs besides batches; its totals and its guard are the caller's to dispose of. */
export function trainingParts(model: Model, compiled: Compiled, seed: number): TrainingParts {
  const outputs = compiled.outputsOf(model.outputs);
  const { optimizer } = compiled;
  const guard = new StepGuard(model.device);
  const totals = new Totals(model.device, measuresOf(outputs), guard);
  optimizer.build(model.trainableWeights);
  return { model, outputs, optimizer, guard, seed, totals };
}

/** What to know and to do where a step was not finite. */
export const NOT_FINITE_ADVICE =
  'The weights are those before that step; lower the learning rate, clip gradients (clipNorm), or look for bad ' +
  'numbers in the data';

/** Forward, loss, backward, update and totals. Nothing is read back, and nothing is uploaded. */
export function recordTraining(parts: TrainingParts, batch: DeviceBatch): void {
  const { model, optimizer, guard, seed } = parts;
  scope(() => {
    const step = optimizer.iterations;
    const updates: NonNullable<CallContext['updates']> = [];
    const found = forward(parts, batch, { training: true, step, seed, updates });
    const variables = model.trainableWeights;
    const gradients = gradientsOf(found.loss, variables);
    guard.check(found.loss, gradients, step);
    optimizer.apply(gradients, variables, guard);
    for (const update of updates) update(guard.tensor.storage);
    noGrad(() => measure(parts, batch, found));
  });
}

/** Forward without dropout, loss and totals. */
export function recordTest(parts: StepParts, batch: DeviceBatch): void {
  scope(() => noGrad(() => measure(parts, batch, forward(parts, batch, { training: false }))));
}

/** What a step finds, by output; `loss` is the sum that is trained on. */
interface Found {
  readonly values: readonly Tensor[];
  readonly masks: readonly (Tensor | null)[];
  readonly losses: readonly (Tensor | null)[];
  readonly loss: Tensor;
}

function forward(
  { model, outputs }: StepParts,
  batch: DeviceBatch,
  context: Partial<CallContext>,
): Found {
  const { outputs: values, masks } = model.forward(batch.x, context);
  const losses = outputs.map(({ loss }, i) => {
    if (!loss) return null;
    const weighting = { sampleWeight: batch.sampleWeight[i] ?? null, mask: masks[i] ?? null };
    return computeLoss(loss, batch.y[i], values[i], weighting).loss;
  });
  return { values, masks, losses, loss: totalLoss(outputs, losses) };
}

function totalLoss(outputs: readonly CompiledOutput[], losses: readonly (Tensor | null)[]): Tensor {
  const weighted = losses.flatMap((loss, i) => {
    if (!loss) return [];
    const { lossWeight } = outputs[i];
    return [lossWeight === 1 ? loss : mul(loss, lossWeight)];
  });
  if (weighted.length === 0)
    throw new Error('fit: expected a loss for at least one output, got none; compile again');
  return weighted.reduce((sum, loss) => add(sum, loss));
}

/** Adds to the totals, in the order of `measuresOf`. A loss counts by the samples of its batch, as in Keras. */
function measure({ outputs, totals }: StepParts, batch: DeviceBatch, found: Found): void {
  let index = 0;
  totals.addMean(index++, found.loss, batch.size);
  if (outputs.length > 1)
    for (const loss of found.losses) if (loss) totals.addMean(index++, loss, batch.size);
  outputs.forEach(({ metrics }, i) => {
    for (const { metric, weighted } of metrics) {
      const sampleWeight = weighted ? (batch.sampleWeight[i] ?? null) : null;
      const weight = weightOf(found.masks[i] ?? null, sampleWeight);
      const { sum, weight: count } = metric.update(batch.y[i], found.values[i], weight);
      totals.addSum(index++, sum, count);
    }
  });
}

/** A mask [B,T] and weights [B] or [B,T] as one factor; null where all count once. */
function weightOf(mask: Tensor | null, sampleWeight: Tensor | null): Tensor | null {
  if (!mask || !sampleWeight) return mask ? cast(mask, 'float32') : sampleWeight;
  const weight = sampleWeight.rank < mask.rank ? expandDims(sampleWeight, -1) : sampleWeight;
  return mul(cast(mask, 'float32'), weight);
}
