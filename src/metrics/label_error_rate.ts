/** How far labels are from those that were wanted, by edits. */
import { noGrad } from '../autograd.ts';
import { cast, notEqual } from '../ops/compare.ts';
import { labelErrors } from '../ops/ctc.ts';
import { mul } from '../ops/map.ts';
import { sum } from '../ops/reduce.ts';
import { reshape } from '../ops/shape.ts';
import { metricOptions } from './metric.ts';
import type { Metric, MetricOptions } from './metric.ts';

/**
 * Insertions, deletions and replacements between the wanted labels and those that the best path reads as, by the number
 * of wanted labels: for models that are trained with `losses.ctc()`.
 *
 * Targets [B, L], padded with `blank` (0 by default) or any negative number; predictions [B, T, C]. Weights are by
 * sample [B]; of weights [B, T], such as the model's mask, those that are 0 leave steps out.
 *
 * @param options.blank the class that stands for no label; 0 by default
 */
export function labelErrorRate(options: MetricOptions & { blank?: number } = {}): Metric {
  const { name, blank } = metricOptions('labelErrorRate', options, { blank: 0 });
  return {
    name,
    higherIsBetter: false,
    update: (yTrue, yPred, weight) =>
      noGrad(() => {
        const bySample = weight !== null && weight.size === yPred.shape[0];
        const mask = weight && !bySample ? notEqual(cast(weight, 'float32'), 0) : null;
        const labels = cast(yTrue, 'int32');
        const { distances, counts } = labelErrors(yPred, labels, { mask, blank, name });
        const factors = bySample ? reshape(cast(weight, 'float32'), [weight.size]) : null;
        const total = (x: typeof counts) => sum(factors ? mul(x, factors) : x);
        return { sum: total(distances), weight: total(counts) };
      }),
  };
}
