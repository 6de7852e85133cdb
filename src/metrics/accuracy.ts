/** Accuracies by Keras 3's names and formulas: how often predictions match targets. */
import { labelsFor, matchShapes } from '../losses.ts';
import { cast, equal, greater, less } from '../ops/compare.ts';
import { takeAlong } from '../ops/gather.ts';
import { argMax, sum } from '../ops/reduce.ts';
import { expandDims } from '../ops/shape.ts';
import type { Tensor } from '../tensor.ts';
import { meanMetric } from './metric.ts';
import type { Metric } from './metric.ts';

const matches = (condition: Tensor): Tensor => cast(condition, 'float32');

export interface MetricOptions {
  name?: string;
}

/** Predictions above `threshold` (0.5) count as 1; targets are 0 or 1. [B, ..., D] each. */
export function binaryAccuracy(options: MetricOptions & { threshold?: number } = {}): Metric {
  const { name = 'binaryAccuracy', threshold = 0.5 } = options;
  return meanMetric(name, (yTrue, yPred) => {
    const [wanted, found] = matchShapes(name, yTrue, yPred);
    return matches(equal(wanted, cast(greater(found, threshold), 'float32')));
  });
}

/** The largest prediction is where the largest target is. [B, ..., C] each. */
export function categoricalAccuracy({ name = 'categoricalAccuracy' }: MetricOptions = {}): Metric {
  return meanMetric(name, (yTrue, yPred) => {
    const [wanted, found] = matchShapes(name, yTrue, yPred);
    return matches(equal(argMax(wanted, -1), argMax(found, -1)));
  });
}

/** The largest prediction is where the label says. Labels [B, ...] or [B, ..., 1], predictions [B, ..., C]. */
export function sparseCategoricalAccuracy(options: MetricOptions = {}): Metric {
  const { name = 'sparseCategoricalAccuracy' } = options;
  return meanMetric(name, (yTrue, yPred) =>
    matches(equal(checkedLabels(name, yTrue, yPred), argMax(yPred, -1))),
  );
}

/** Fewer than `k` (5) predictions are larger than that of the target's class. */
export function topKCategoricalAccuracy(options: MetricOptions & { k?: number } = {}): Metric {
  const { name = 'topKCategoricalAccuracy', k = 5 } = options;
  return meanMetric(name, (yTrue, yPred) => {
    const [wanted, found] = matchShapes(name, yTrue, yPred);
    return inTopK(argMax(wanted, -1), found, k);
  });
}

/** Fewer than `k` (5) predictions are larger than that of the label. */
export function sparseTopKCategoricalAccuracy(
  options: MetricOptions & { k?: number } = {},
): Metric {
  const { name = 'sparseTopKCategoricalAccuracy', k = 5 } = options;
  return meanMetric(name, (yTrue, yPred) => inTopK(checkedLabels(name, yTrue, yPred), yPred, k));
}

function inTopK(labels: Tensor, yPred: Tensor, k: number): Tensor {
  const own = takeAlong(yPred, expandDims(labels, -1), -1);
  const larger = sum(matches(greater(yPred, own)), { axis: -1 });
  return matches(less(larger, k));
}

function checkedLabels(name: string, yTrue: Tensor, yPred: Tensor): Tensor {
  const labels = labelsFor(yTrue, yPred);
  const wanted = yPred.shape.slice(0, -1);
  if (labels.shape.join() !== wanted.join())
    throw new Error(
      `${name}: expected labels [${wanted.join(',')}] for predictions [${yPred.shape.join(',')}], got ` +
        `[${yTrue.shape.join(',')}]`,
    );
  return labels;
}

/**
 * Binary, sparse or categorical accuracy, by the shapes as Keras chooses: predictions with a last axis of 1 are binary;
 * targets with an axis less, or with a last axis of 1, are labels.
 */
export function accuracy({ name = 'accuracy' }: MetricOptions = {}): Metric {
  const [binary, sparse, categorical] = [
    binaryAccuracy({ name }),
    sparseCategoricalAccuracy({ name }),
    categoricalAccuracy({ name }),
  ];
  return {
    name,
    higherIsBetter: true,
    update(yTrue, yPred, weight) {
      const isBinary = yPred.shape.at(-1) === 1 || yPred.rank < 2;
      const isSparse = yTrue.rank < yPred.rank || yTrue.shape.at(-1) === 1;
      const chosen = isBinary ? binary : isSparse ? sparse : categorical;
      return chosen.update(yTrue, yPred, weight);
    },
  };
}
