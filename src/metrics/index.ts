/**
 * Metrics by Keras 3's names and formulas. Made by functions: `metrics.binaryAccuracy({ threshold: 0.4 })`.
 *
 * @module
 */
import { findName, hasCall, meant, needCalled } from '../create_by_name.ts';
import type { Spelled } from '../create_by_name.ts';
import { show } from '../options.ts';
import { findLoss, LOSS_NAMES } from '../losses/index.ts';
import type { LossName } from '../losses/index.ts';
import { callOwn } from '../losses/loss.ts';
import type { LossFunction, OwnFunction } from '../losses/loss.ts';
import { lossMetric, meanMetric } from './metric.ts';
import type { Metric, MetricOptions } from './metric.ts';
import * as named from './named.ts';

export * from './accuracy.ts';
export * from './counts.ts';
export { editDistance } from './edit_distance.ts';
export { labelErrorRate } from './label_error_rate.ts';
export * from './losses.ts';
export * from './tokens.ts';
export { lossMetric, meanMetric } from './metric.ts';
export type { Metric, MetricOptions, MetricTotals } from './metric.ts';

const METRICS = { ...named };
/** In camelCase or, as in Keras, in snake_case, and the short names of Keras. Every loss is a metric too. */
export type MetricName = LossName | Spelled<keyof typeof METRICS>;
/** What stands for a metric: its name, what a function of `metrics` or `losses` makes, or a function of your own. */
export type MetricOption = MetricName | Metric | LossFunction | OwnFunction;
/** All names of metrics in camelCase; those of losses are among them. */
export const METRIC_NAMES = [...new Set([...Object.keys(METRICS), ...LOSS_NAMES])];

/**
 * A metric by its name, which it then bears, with its defaults; a metric stays as it is. Of a loss, and of a function of your own, the mean over
 * the samples.
 *
 * @throws where there is no metric of that name, or something else was given
 */
export function getMetric(metric: MetricOption): Metric {
  if (typeof metric === 'function') {
    needCalled('metric', METRICS, metric);
    const name = metric.name || 'metric';
    return meanMetric(name, (yTrue, yPred) => callOwn(name, metric, yTrue, yPred), {
      higherIsBetter: false,
    });
  }
  const { update } = (metric ?? {}) as Partial<Metric>;
  if (typeof update === 'function') return metric as Metric;
  if (hasCall(metric)) return lossMetric(metric as LossFunction);
  const key = findName(METRICS, metric);
  if (key) return (METRICS[key] as (options: MetricOptions) => Metric)({ name: metric as string });
  const loss = findLoss(metric);
  if (loss) return lossMetric(loss({ name: metric }));
  throw new Error(
    `metric: expected one of ${METRIC_NAMES.join(', ')}, a function of yTrue and yPred, or what a function of metrics makes, got ${show(metric)}${meant(metric, METRICS)}`,
  );
}
