/** One step of training or of evaluation, recorded in full before it is handed to the device. */
import { noGrad } from '../autograd.ts';
import { gradientsOf } from '../pullbacks.ts';
import type { CallContext } from '../layers/base.ts';
import type { Network } from '../layers/network.ts';
import { computeLoss } from '../losses/reduce.ts';
import { cast } from '../ops/compare.ts';
import { add, mul } from '../ops/map.ts';
import { expandDims } from '../ops/shape.ts';
import { StepGuard } from '../optimizers/guard.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { scope } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { keyOf } from './compile.ts';
import type { CompiledOutput } from './compile.ts';
import { Totals } from './totals.ts';
import type { Measure } from './totals.ts';
import type { DeviceBatch } from './upload.ts';

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

/** A network, and what is measured at its outputs. */
export interface Evaluated {
  readonly network: Network;
  readonly outputs: readonly CompiledOutput[];
}

/** A network, and what it is trained with. */
export interface Trained extends Evaluated {
  readonly optimizer: Optimizer;
  /** Of dropout. */
  readonly seed: number;
}

export interface StepParts extends Evaluated {
  readonly totals: Totals;
}
export interface TrainingParts extends StepParts, Trained {
  readonly guard: StepGuard;
}

/** What training needs besides batches. The caller disposes of its totals and its guard. */
export function trainingParts(trained: Trained): TrainingParts {
  const { network, outputs, optimizer } = trained;
  const guard = new StepGuard(network.device);
  const totals = new Totals(network.device, measuresOf(outputs), guard);
  optimizer.build(network.trainableWeights);
  return { ...trained, guard, totals };
}

/** Forward, loss, backward, update and totals. Nothing is read back, and nothing is uploaded. */
export function recordTraining(parts: TrainingParts, batch: DeviceBatch): void {
  const { network, optimizer, guard, seed } = parts;
  scope(() => {
    const step = optimizer.iterations;
    const updates: NonNullable<CallContext['updates']> = [];
    const results = forward(parts, batch, { training: true, step, seed, updates });
    const variables = network.trainableWeights;
    const gradients = gradientsOf(results.loss, variables);
    guard.check(results.loss, gradients, step);
    // All that needs memory comes before the first change: where it runs out, the model is what it was.
    noGrad(() => measure(parts, batch, results));
    const changes = updates.map((update) => update(guard.tensor.storage));
    optimizer.apply(gradients, variables, guard);
    for (const change of changes) change();
  });
}

/** Forward without dropout, loss and totals. */
export function recordTest(parts: StepParts, batch: DeviceBatch): void {
  scope(() => noGrad(() => measure(parts, batch, forward(parts, batch, { training: false }))));
}

/** What a step computes, by output; `loss` is the sum that is trained on. */
interface Results {
  readonly values: readonly Tensor[];
  readonly masks: readonly (Tensor | null)[];
  readonly losses: readonly (Tensor | null)[];
  readonly loss: Tensor;
}

/** What a step computes, but for its backward pass. */
export function forward(
  { network, outputs }: Evaluated,
  batch: DeviceBatch,
  context: Partial<CallContext>,
): Results {
  const { outputs: values, masks } = network.forward(batch.x, context);
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
function measure({ outputs, totals }: StepParts, batch: DeviceBatch, results: Results): void {
  let index = 0;
  totals.addMean(index++, results.loss, batch.size);
  if (outputs.length > 1)
    for (const loss of results.losses) if (loss) totals.addMean(index++, loss, batch.size);
  outputs.forEach(({ metrics }, i) => {
    for (const { metric, weighted } of metrics) {
      const sampleWeight = weighted ? (batch.sampleWeight[i] ?? null) : null;
      const weight = weightOf(results.masks[i] ?? null, sampleWeight);
      const { sum, weight: count } = metric.update(batch.y[i], results.values[i], weight);
      totals.addSum(index++, sum, count);
    }
  });
}

/** The product of a mask [B,T] and weights [B] or [B,T]; null where every sample and step counts once. */
function weightOf(mask: Tensor | null, sampleWeight: Tensor | null): Tensor | null {
  if (!mask || !sampleWeight) return mask ? cast(mask, 'float32') : sampleWeight;
  const weight = sampleWeight.rank < mask.rank ? expandDims(sampleWeight, -1) : sampleWeight;
  return mul(cast(mask, 'float32'), weight);
}
