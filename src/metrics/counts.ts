/** Precision and recall: ratios of counts over all elements, with the formulas of Keras 3. */
import { noGrad } from '../autograd.ts';
import { matchShapes } from '../losses/loss.ts';
import { alignTo } from '../losses/reduce.ts';
import { cast, greater } from '../ops/compare.ts';
import { mul } from '../ops/map.ts';
import { sum } from '../ops/reduce.ts';
import type { Tensor } from '../tensor.ts';
import { metricOptions } from './metric.ts';
import type { Metric, MetricOptions } from './metric.ts';

/** The options of `metrics.precision` and `metrics.recall`. */
export interface ThresholdOptions extends MetricOptions {
  /** Predictions above this count as 1; 0.5 by default. */
  threshold?: number;
}

/** The share of true positives among predicted positives. Targets are 0 or 1. */
export const precision = (options: ThresholdOptions = {}): Metric =>
  ratio('precision', options, (_, predicted) => predicted);

/** The share of true positives among actual positives. Targets are 0 or 1. */
export const recall = (options: ThresholdOptions = {}): Metric =>
  ratio('recall', options, (actual) => actual);

function ratio(
  own: string,
  options: ThresholdOptions,
  among: (actual: Tensor, predicted: Tensor) => Tensor,
): Metric {
  const { name, threshold } = metricOptions(own, options, { threshold: 0.5 });
  return {
    name,
    higherIsBetter: true,
    update: (yTrue, yPred, weight) =>
      noGrad(() => {
        const [wanted, found] = matchShapes(name, yTrue, yPred);
        const actual = cast(greater(wanted, 0), 'float32');
        const predicted = cast(greater(found, threshold), 'float32');
        const weights = weight && alignTo('weight', cast(weight, 'float32'), found);
        const count = (x: Tensor): Tensor => sum(weights ? mul(x, weights) : x);
        return { sum: count(mul(actual, predicted)), weight: count(among(actual, predicted)) };
      }),
  };
}
