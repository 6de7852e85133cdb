/** Metrics by Keras 3's names and formulas. Made by functions: `metrics.binaryAccuracy({ threshold: 0.4 })`. */
import { SHORT_NAMES } from './losses/short_names.ts';
import * as accuracies from './metrics/accuracy.ts';
import * as counts from './metrics/counts.ts';
import * as ofLosses from './metrics/losses.ts';
import type { Metric } from './metrics/metric.ts';

export * from './metrics/accuracy.ts';
export * from './metrics/counts.ts';
export * from './metrics/losses.ts';
export { lossMetric, meanMetric } from './metrics/metric.ts';
export type { Metric, MetricTotals } from './metrics/metric.ts';

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
