/** Reduces the losses of samples to one number, like `reduce_weighted_values` and `apply_mask` of Keras 3. */
import { cast, equal, where } from '../ops/compare.ts';
import { div, maximum, minimum, mul } from '../ops/map.ts';
import { sum } from '../ops/reduce.ts';
import { broadcastTo, reshape } from '../ops/shape.ts';
import { check, checkNames, readOptions } from '../options.ts';
import type { Check } from '../options.ts';
import { fill, Tensor } from '../tensor.ts';
import { REDUCTION } from './loss.ts';
import type { LossFunction, Reduction } from './loss.ts';

/** What counts of the losses of samples, and how much. */
export interface Weighting {
  /** Factors of the losses: [B], [B,1], or the shape of the losses; missing axes are broadcast. */
  sampleWeight?: Tensor | null;
  /** Where losses count: int32, 0 or 1, with the shape of the losses or its first axes. Several masks are combined by and. */
  mask?: Tensor | null | readonly (Tensor | null)[];
  /** `sumOverBatchSize` by default. */
  reduction?: Reduction;
}

/** A loss as one number, and what it was made of. */
export interface ReducedLoss {
  /** sum / weight, a scalar. */
  loss: Tensor;
  /** The sum of the weighted losses. */
  sum: Tensor;
  /** The divisor: the number of losses that count, or the sum of their weights. */
  weight: Tensor | number;
}

const TENSOR: Check = ['a tensor', (value) => value instanceof Tensor];
const DEFAULTS: Required<Weighting> = {
  sampleWeight: null,
  mask: null,
  reduction: 'sumOverBatchSize',
};

/**
 * Reduces losses [B] or [B,T] to one number.
 *
 * The default reduction divides their weighted sum by the number of losses, not by the sum of the weights. A masked loss counts
 * neither in the sum nor in the number. If no loss counts, the result is 0.
 */
export function reduceLoss(values: Tensor, weighting: Weighting = {}): ReducedLoss {
  const { sampleWeight, reduction } = readOptions('reduceLoss', weighting, DEFAULTS, {
    reduction: REDUCTION,
  });
  const masks = [weighting.mask ?? null].flat().filter((mask) => mask !== null);
  for (const mask of masks) check('reduceLoss', 'mask', mask, TENSOR);
  const weights = sampleWeight && alignTo('sampleWeight', cast(sampleWeight, 'float32'), values);
  const mask = masks
    .map((each) => alignTo('mask', each, values))
    .reduce<Tensor | null>((all, each) => (all ? mul(all, each) : each), null);
  // Selected, not multiplied by the mask: a masked loss may be NaN.
  const counted = mask ? where(mask, values, 0) : values;
  const weighted = weights ? mul(counted, weights) : counted;
  if (reduction === 'sumOverTime' || reduction === 'meanOverTime')
    return reduceSequences(weighted, mask, reduction);
  const total = sum(weighted);
  if (reduction === 'sum') return { loss: total, sum: total, weight: 1 };
  if (reduction === 'meanWithSampleWeight' && weights) {
    const weight = sumBroadcast(mask ? where(mask, weights, 0) : weights, values);
    return { loss: div(total, where(equal(weight, 0), 1, weight)), sum: total, weight };
  }
  if (mask) {
    const weight = sumBroadcast(cast(mask, 'float32'), values);
    return { loss: div(total, maximum(weight, 1)), sum: total, weight };
  }
  const count = Math.max(values.size, 1);
  return { loss: mul(total, 1 / count), sum: total, weight: count };
}

/** The mean over the sequences of what the losses of each sum to, or of their mean. */
function reduceSequences(values: Tensor, mask: Tensor | null, reduction: Reduction): ReducedLoss {
  const { device, shape } = values;
  const bySequence = (x: Tensor): Tensor => sum(reshape(x, [shape[0], -1]), { axis: 1 });
  const all = mask ? broadcastTo(cast(mask, 'float32'), shape) : fill(device, shape, 1);
  const counts = bySequence(all);
  const sums = bySequence(values);
  const total = sum(reduction === 'sumOverTime' ? sums : div(sums, maximum(counts, 1)));
  const weight = sum(minimum(counts, 1));
  return { loss: div(total, maximum(weight, 1)), sum: total, weight };
}

const LOSS: Check = [
  'what a function of losses makes',
  (value) =>
    typeof (value as LossFunction | null)?.call === 'function' && 'reduction' in (value as object),
];

/** The loss of targets and predictions as one number, with the loss's own mask and reduction. */
export function computeLoss(
  loss: LossFunction,
  yTrue: Tensor,
  yPred: Tensor,
  weighting: Omit<Weighting, 'reduction'> = {},
): ReducedLoss {
  checkNames('computeLoss', weighting, ['sampleWeight', 'mask']);
  check('computeLoss', 'loss', loss, LOSS);
  const { reduction, ofSequences } = loss;
  const masks = [weighting.mask ?? null].flat();
  if (ofSequences) {
    const values = loss.call(yTrue, yPred, masks[0]);
    return reduceLoss(values, { ...weighting, mask: null, reduction });
  }
  masks.push(loss.mask?.(yTrue, yPred) ?? null);
  return reduceLoss(loss.call(yTrue, yPred), { ...weighting, mask: masks, reduction });
}

/**
 * Reshapes weights so that they broadcast to `values`: appends axes of extent 1, or removes a superfluous last one.
 */
export function alignTo(what: string, weights: Tensor, values: Tensor): Tensor {
  const tooMany = weights.rank === values.rank + 1 && weights.shape.at(-1) === 1;
  const shape = tooMany ? weights.shape.slice(0, -1) : [...weights.shape];
  while (shape.length < values.rank) shape.push(1);
  const fits =
    shape.length === values.rank && shape.every((n, axis) => n === 1 || n === values.shape[axis]);
  if (!fits)
    throw new Error(
      `${what}: expected the shape of the losses [${values.shape}] or their first axes, got ` +
        `[${weights.shape}]; ` +
        (values.rank === 0
          ? 'from your function, return one for each sample'
          : 'give one weight a sample, or one a sample and step'),
    );
  return reshape(weights, shape);
}

/** The sum of weights after broadcasting them to the shape of `values`. */
function sumBroadcast(weights: Tensor, values: Tensor): Tensor {
  const times = values.size / Math.max(weights.size, 1);
  return times === 1 ? sum(weights) : mul(sum(weights), times);
}
