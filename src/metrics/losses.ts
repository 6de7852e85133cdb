/** Losses as metrics: their mean over samples, computed like in Keras 3. */
import * as losses from '../losses/index.ts';
import type { LossFunction } from '../losses/loss.ts';
import { neg } from '../ops/map.ts';
import { lossMetric, meanMetric, metricOptions } from './metric.ts';
import type { Metric, MetricOptions } from './metric.ts';

const metricOf =
  <Options extends object>(make: (options?: Options) => LossFunction) =>
  (options?: Options): Metric =>
    lossMetric(make(options));

export const binaryCrossentropy = metricOf(losses.binaryCrossentropy);
export const categoricalCrossentropy = metricOf(losses.categoricalCrossentropy);
export const sparseCategoricalCrossentropy = metricOf(losses.sparseCategoricalCrossentropy);
export const meanSquaredError = metricOf(losses.meanSquaredError);
export const meanAbsoluteError = metricOf(losses.meanAbsoluteError);
export const meanAbsolutePercentageError = metricOf(losses.meanAbsolutePercentageError);
export const meanSquaredLogarithmicError = metricOf(losses.meanSquaredLogarithmicError);
export const logCosh = metricOf(losses.logCosh);
export const klDivergence = metricOf(losses.klDivergence);
export const poisson = metricOf(losses.poisson);
export const hinge = metricOf(losses.hinge);
export const squaredHinge = metricOf(losses.squaredHinge);
export const categoricalHinge = metricOf(losses.categoricalHinge);

/** The square root of the mean squared error over all batches. */
export function rootMeanSquaredError(options: MetricOptions = {}): Metric {
  const { name } = metricOptions('rootMeanSquaredError', options, {});
  const squares = losses.meanSquaredError({ name });
  return meanMetric(name, (yTrue, yPred) => squares.call(yTrue, yPred), {
    higherIsBetter: false,
    finish: Math.sqrt,
  });
}

/** The cosine of the angle between targets and predictions: 1 for the same direction. The loss of this name is its negative. */
export function cosineSimilarity(options: MetricOptions = {}): Metric {
  const { name } = metricOptions('cosineSimilarity', options, {});
  const opposite = losses.cosineSimilarity({ name });
  return meanMetric(name, (yTrue, yPred) => neg(opposite.call(yTrue, yPred)));
}
