/** Accuracies, with the names and formulas of Keras 3: how often predictions match targets. */
import { checkTensors, formOf, labelAdvice, labelsFor, matchShapes } from '../losses/loss.ts';
import { cast, equal, greater, less } from '../ops/compare.ts';
import { takeAlong } from '../ops/gather.ts';
import { argMax, sum } from '../ops/reduce.ts';
import { expandDims } from '../ops/shape.ts';
import { sameShape } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { meanMetric, metricOptions } from './metric.ts';
import type { Metric, MetricOptions } from './metric.ts';

const matches = (condition: Tensor): Tensor => cast(condition, 'float32');

/** The mean of a comparison of targets with predictions of the same shape. */
const comparing = (name: string, compare: (wanted: Tensor, found: Tensor) => Tensor): Metric =>
  meanMetric(name, (yTrue, yPred) => matches(compare(...matchShapes(name, yTrue, yPred))));

/** The mean of a comparison of labels with predictions. */
const comparingLabels = (
  name: string,
  compare: (labels: Tensor, found: Tensor) => Tensor,
): Metric =>
  meanMetric(name, (yTrue, yPred) => matches(compare(checkedLabels(name, yTrue, yPred), yPred)));

/**
 * How often predictions match targets of 0 or 1. Both are [B, ..., D].
 *
 * @param options.threshold predictions above it count as 1; 0.5 by default
 */
export function binaryAccuracy(options: MetricOptions & { threshold?: number } = {}): Metric {
  const { name, threshold } = metricOptions('binaryAccuracy', options, { threshold: 0.5 });
  return comparing(name, (wanted, found) => equal(wanted, matches(greater(found, threshold))));
}

/** How often the largest prediction and the largest target are of the same class. Both are [B, ..., C]. */
export function categoricalAccuracy(options: MetricOptions = {}): Metric {
  const { name } = metricOptions('categoricalAccuracy', options, {});
  return comparing(name, (wanted, found) => equal(argMax(wanted), argMax(found)));
}

/** How often the largest prediction is that of the label. Labels [B, ...] or [B, ..., 1], predictions [B, ..., C]. */
export function sparseCategoricalAccuracy(options: MetricOptions = {}): Metric {
  const { name } = metricOptions('sparseCategoricalAccuracy', options, {});
  return comparingLabels(name, (labels, found) => equal(labels, argMax(found)));
}

/**
 * How often fewer than `k` predictions are larger than that of the target's class. Both are [B, ..., C].
 *
 * @param options.k 5 by default
 */
export function topKCategoricalAccuracy(options: MetricOptions & { k?: number } = {}): Metric {
  const { name, k } = metricOptions('topKCategoricalAccuracy', options, { k: 5 });
  return comparing(name, (wanted, found) => inTopK(argMax(wanted), found, k));
}

/**
 * How often fewer than `k` predictions are larger than that of the label. Labels [B, ...] or [B, ..., 1], predictions
 * [B, ..., C].
 *
 * @param options.k 5 by default
 */
export function sparseTopKCategoricalAccuracy(
  options: MetricOptions & { k?: number } = {},
): Metric {
  const { name, k } = metricOptions('sparseTopKCategoricalAccuracy', options, { k: 5 });
  return comparingLabels(name, (labels, found) => inTopK(labels, found, k));
}

function inTopK(labels: Tensor, yPred: Tensor, k: number): Tensor {
  const own = takeAlong(yPred, expandDims(labels, -1), -1);
  return less(sum(matches(greater(yPred, own)), { axis: -1 }), k);
}

function checkedLabels(name: string, yTrue: Tensor, yPred: Tensor): Tensor {
  const labels = labelsFor(yTrue, yPred);
  const wanted = yPred.shape.slice(0, -1);
  if (!sameShape(labels.shape, wanted))
    throw new Error(
      `${name}: expected labels [${wanted}] for predictions [${yPred.shape}], got ` +
        `[${yTrue.shape}]; ${labelAdvice(name, yTrue.shape, yPred.shape) ?? 'reshape the targets'}`,
    );
  return labels;
}

/**
 * Binary, sparse or categorical accuracy, chosen by the shapes as in Keras: predictions with a last axis of extent 1 are
 * binary; targets with one axis less, or with a last axis of extent 1, are labels.
 */
export function accuracy(options: MetricOptions = {}): Metric {
  const { name } = metricOptions('accuracy', options, {});
  const metrics = {
    binary: binaryAccuracy({ name }),
    sparse: sparseCategoricalAccuracy({ name }),
    categorical: categoricalAccuracy({ name }),
  };
  return {
    name,
    higherIsBetter: true,
    update(yTrue, yPred, weight) {
      checkTensors(yTrue, yPred);
      return metrics[formOf(yTrue.shape, yPred.shape)].update(yTrue, yPred, weight);
    },
  };
}
