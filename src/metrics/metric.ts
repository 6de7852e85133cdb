/** The interface of metrics, and metrics that average a value over samples. */
import { noGrad } from '../autograd.ts';
import { CALLABLE, COUNT, INTEGER, readOptions, WHOLE } from '../options.ts';
import type { Check, Checks } from '../options.ts';
import { getLoss } from '../losses/index.ts';
import type { LossOption } from '../losses/index.ts';
import { alignTo } from '../losses/reduce.ts';
import { cast } from '../ops/compare.ts';
import { mul } from '../ops/map.ts';
import { mean, sum } from '../ops/reduce.ts';
import { fill, sizeOf } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';

/** Scalars on the device, which are added to running totals. */
export interface MetricTotals {
  /** The weighted sum of a batch. */
  sum: Tensor;
  /** What it is divided by in the end. */
  weight: Tensor;
}

/**
 * What a metric is. Those of `metrics` are made by functions; one of your own is an object like these, or what
 * `meanMetric` gives.
 */
export interface Metric {
  /** Its name in the logs. */
  readonly name: string;
  /** Whether larger values are better, for callbacks that monitor the metric. */
  readonly higherIsBetter: boolean;
  /**
   * The totals of a batch. The metric is the sum of all `sum` divided by the sum of all `weight`, or 0 if that is 0.
   *
   * @param weight factors [B] or [B,T], or a mask (int32), or the product of both; null for none
   */
  update(yTrue: Tensor, yPred: Tensor, weight: Tensor | null): MetricTotals;
  /** Applied to the mean in the end. */
  finish?(mean: number): number;
}

/** The options that every metric has. */
export interface MetricOptions {
  /** Its name in the logs; that of the function by default. */
  name?: string;
}

/** What options of metrics must be. */
const MUST_BE: Readonly<Record<string, Check>> = {
  k: COUNT,
  blank: WHOLE,
  maskTokenId: INTEGER,
};

/** The options of a metric, checked. @param own its own options, with their defaults */
export function metricOptions<Own extends object>(
  name: string,
  given: object,
  own: Own,
): Own & { name: string } {
  const defaults = { name, ...own };
  return readOptions(name, given, defaults, MUST_BE as Checks<typeof defaults>);
}

/**
 * The mean over samples of a function of targets and predictions, like `MeanMetricWrapper` of Keras 3: values [B, ...]
 * and weights are averaged over all axes but the first.
 *
 * @param name in the logs
 * @param valuesOf gives a value for each sample, [B], or for each step, [B, T]
 * @param more.higherIsBetter for callbacks that monitor the metric; true by default
 * @param more.finish applied to the mean in the end, such as a square root
 * @example
 * ```js
 * const largest = metrics.meanMetric(
 *   'largestError',
 *   (yTrue, yPred) => ops.max(ops.abs(ops.sub(yPred, yTrue)), { axis: -1 }),
 *   { higherIsBetter: false },
 * );
 * ```
 */
export function meanMetric(
  name: string,
  valuesOf: (yTrue: Tensor, yPred: Tensor) => Tensor,
  more: { higherIsBetter?: boolean; finish?: Metric['finish'] } = {},
): Metric {
  const { higherIsBetter, finish } = readOptions(
    'meanMetric',
    more,
    { higherIsBetter: true, finish: undefined as Metric['finish'] },
    { finish: CALLABLE },
  );
  return {
    name,
    higherIsBetter,
    ...(finish && { finish }),
    update: (yTrue, yPred, weight) =>
      noGrad(() => samplewise(valuesOf(yTrue, yPred), weight && cast(weight, 'float32'))),
  };
}

/** A loss, or the loss of that name, as a metric. With weights or a mask, labels of `ignoreClass` do not count. */
export function lossMetric(loss: LossOption): Metric {
  const found = getLoss(loss);
  const metric = meanMetric(found.name, (yTrue, yPred) => found.call(yTrue, yPred), {
    higherIsBetter: false,
  });
  return {
    ...metric,
    update(yTrue, yPred, weight) {
      const mask = weight && found.mask?.(yTrue, yPred);
      if (!weight || !mask) return metric.update(yTrue, yPred, weight);
      const given = alignTo('weight', cast(weight, 'float32'), mask);
      return metric.update(yTrue, yPred, mul(given, cast(mask, 'float32')));
    },
  };
}

function samplewise(values: Tensor, weight: Tensor | null): MetricTotals {
  const samples = values.shape[0] ?? 1;
  if (!weight)
    return {
      sum: scale(sum(values), samples / Math.max(values.size, 1)),
      weight: fill(values.device, [], samples),
    };
  // If there are several values for each weight, their mean counts.
  const extra = values.shape.map((_, axis) => axis).slice(Math.max(weight.rank, 1));
  const each = extra.length > 0 ? mean(values, { axis: extra }) : values;
  const aligned = alignTo('weight', weight, each);
  return {
    sum: scale(sum(mul(each, aligned)), 1 / sizeOf(each.shape.slice(1))),
    weight: scale(sum(aligned), 1 / sizeOf(aligned.shape.slice(1))),
  };
}

const scale = (x: Tensor, factor: number): Tensor => (factor === 1 ? x : mul(x, factor));
