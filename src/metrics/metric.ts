/** What a metric is, and how values of samples become its totals. */
import { noGrad } from '../autograd.ts';
import { getLoss } from '../losses/index.ts';
import type { LossFunction } from '../losses/loss.ts';
import { alignTo } from '../losses/reduce.ts';
import { cast } from '../ops/compare.ts';
import { mul } from '../ops/map.ts';
import { mean, sum } from '../ops/reduce.ts';
import { fill, sizeOf } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';

/** Scalars on the device, to be added to running totals. */
export interface MetricTotals {
  sum: Tensor;
  weight: Tensor;
}

export interface Metric {
  readonly name: string;
  /** Whether more is better; monitors go by it. */
  readonly higherIsBetter: boolean;
  /**
   * What a batch adds to the totals; the metric is the sum of sums by the sum of weights (0 where nothing weighs).
   *
   * @param weight factors [B] or [B,T], or a mask (int32), or null; a mask and weights go together by multiplication
   */
  update(yTrue: Tensor, yPred: Tensor, weight: Tensor | null): MetricTotals;
  /** Applied to that mean in the end. */
  finish?(mean: number): number;
}

export interface MetricOptions {
  name?: string;
}

/**
 * The mean over samples of a function of targets and predictions, by Keras 3's `MeanMetricWrapper`: values [B, ...] are
 * averaged over all axes but the first; weights as well.
 */
export function meanMetric(
  name: string,
  valuesOf: (yTrue: Tensor, yPred: Tensor) => Tensor,
  more: { higherIsBetter?: boolean; finish?: Metric['finish'] } = {},
): Metric {
  const { higherIsBetter = true, finish } = more;
  return {
    name,
    higherIsBetter,
    ...(finish && { finish }),
    update: (yTrue, yPred, weight) =>
      noGrad(() => samplewise(valuesOf(yTrue, yPred), weight && cast(weight, 'float32'))),
  };
}

/** A metric of a loss, by its name or itself. With weights or a mask, labels of `ignoreClass` do not count. */
export function lossMetric(loss: string | LossFunction): Metric {
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
  // A value for each element of a weighted step or sample: their mean counts.
  const extra = values.shape.map((_, axis) => axis).slice(Math.max(weight.rank, 1));
  const each = extra.length > 0 ? mean(values, { axis: extra }) : values;
  const aligned = alignTo('weight', weight, each);
  return {
    sum: scale(sum(mul(each, aligned)), 1 / sizeOf(each.shape.slice(1))),
    weight: scale(sum(aligned), 1 / sizeOf(aligned.shape.slice(1))),
  };
}

const scale = (x: Tensor, factor: number): Tensor => (factor === 1 ? x : mul(x, factor));
