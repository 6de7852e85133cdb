/**
 * Metrics by Keras 3's names and formulas. Made by functions: `metrics.binaryAccuracy({ threshold: 0.4 })`.
 *
 * @module
 */
import { getLoss, LOSS_NAMES } from '../losses/index.ts';
import { SHORT_NAMES } from '../losses/loss.ts';
import * as accuracies from './accuracy.ts';
import * as counts from './counts.ts';
import { cosineSimilarity, rootMeanSquaredError } from './losses.ts';
import { lossMetric } from './metric.ts';
import type { Metric, MetricOptions } from './metric.ts';
import * as tokens from './tokens.ts';

export * from './accuracy.ts';
export * from './counts.ts';
export { editDistance } from './edit_distance.ts';
export { labelErrorRate } from './label_error_rate.ts';
export * from './losses.ts';
export * from './tokens.ts';
export { lossMetric, meanMetric } from './metric.ts';
export type { Metric, MetricOptions, MetricTotals } from './metric.ts';

/** By name; `acc` and `rmse` are names of Keras too, which the metric then bears. */
const METRICS: Readonly<Record<string, (options: MetricOptions) => Metric>> = {
  ...{ ...accuracies, ...counts, ...tokens, rootMeanSquaredError, cosineSimilarity },
  ...{ acc: accuracies.accuracy, rmse: rootMeanSquaredError },
};
/** All names of metrics: those of losses and their short forms are among them. */
export const METRIC_NAMES = [
  ...new Set([...Object.keys(METRICS), ...LOSS_NAMES, ...Object.keys(SHORT_NAMES)]),
];

/**
 * A metric by its name, with its defaults; every loss is one too. A metric stays as it is.
 *
 * @throws where there is no metric of that name
 */
export function getMetric(metric: string | Metric): Metric {
  if (typeof metric !== 'string') return metric;
  const name = metric;
  if (!METRIC_NAMES.includes(name))
    throw new Error(
      `metric: expected one of ${METRIC_NAMES.join(', ')} or an object with update(yTrue, yPred, weight), got '${name}'`,
    );
  return METRICS[name]?.({ name }) ?? lossMetric(getLoss(name, { name }));
}
