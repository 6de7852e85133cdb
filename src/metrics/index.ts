/** Metrics by Keras 3's names and formulas. Made by functions: `metrics.binaryAccuracy({ threshold: 0.4 })`. */
import { SHORT_NAMES } from '../losses/loss.ts';
import * as accuracies from './accuracy.ts';
import * as counts from './counts.ts';
import * as ofLosses from './losses.ts';
import type { Metric } from './metric.ts';

export * from './accuracy.ts';
export * from './counts.ts';
export * from './losses.ts';
export { lossMetric, meanMetric } from './metric.ts';
export type { Metric, MetricOptions, MetricTotals } from './metric.ts';

const METRICS = { ...accuracies, ...counts, ...ofLosses };
export const METRIC_NAMES = Object.keys(METRICS) as (keyof typeof METRICS)[];

/** The short names that Keras knows too; the metric then bears the short name. */
const SHORT: Readonly<Record<string, keyof typeof METRICS>> = {
  ...SHORT_NAMES,
  acc: 'accuracy',
  rmse: 'rootMeanSquaredError',
};

/**
 * A metric by its name, with its defaults; a metric stays as it is.
 *
 * @throws where there is no metric of that name
 */
export function getMetric(metric: string | Metric): Metric {
  if (typeof metric !== 'string') return metric;
  const name = SHORT[metric] ?? metric;
  if (!Object.hasOwn(METRICS, name))
    throw new Error(
      `metric: expected one of ${METRIC_NAMES.join(', ')} or an object with update(yTrue, yPred, weight), got '${metric}'`,
    );
  const make = METRICS[name];
  return make({ name: metric });
}
