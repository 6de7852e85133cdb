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

/** The mean over samples of `losses.binaryCrossentropy`, with its options. */
export const binaryCrossentropy = metricOf(losses.binaryCrossentropy);
/** The mean over samples of `losses.categoricalCrossentropy`, with its options. */
export const categoricalCrossentropy = metricOf(losses.categoricalCrossentropy);
/** The mean over samples of `losses.sparseCategoricalCrossentropy`, with its options. */
export const sparseCategoricalCrossentropy = metricOf(losses.sparseCategoricalCrossentropy);
/** The mean over samples of `losses.meanSquaredError`, with its options. */
export const meanSquaredError = metricOf(losses.meanSquaredError);
/** The mean over samples of `losses.meanAbsoluteError`, with its options. */
export const meanAbsoluteError = metricOf(losses.meanAbsoluteError);
/** The mean over samples of `losses.meanAbsolutePercentageError`, with its options. */
export const meanAbsolutePercentageError = metricOf(losses.meanAbsolutePercentageError);
/** The mean over samples of `losses.meanSquaredLogarithmicError`, with its options. */
export const meanSquaredLogarithmicError = metricOf(losses.meanSquaredLogarithmicError);
/** The mean over samples of `losses.logCosh`, with its options. */
export const logCosh = metricOf(losses.logCosh);
/** The mean over samples of `losses.klDivergence`, with its options. */
export const klDivergence = metricOf(losses.klDivergence);
/** The mean over samples of `losses.poisson`, with its options. */
export const poisson = metricOf(losses.poisson);
/** The mean over samples of `losses.hinge`, with its options. */
export const hinge = metricOf(losses.hinge);
/** The mean over samples of `losses.squaredHinge`, with its options. */
export const squaredHinge = metricOf(losses.squaredHinge);
/** The mean over samples of `losses.categoricalHinge`, with its options. */
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
