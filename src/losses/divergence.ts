/**
 * Losses for distributions, counts, margins and directions, with the names and formulas of Keras 3. Targets and predictions
 * are [B, ..., D].
 */
import { cast, equal } from '../ops/compare.ts';
import { abs, add, clip, div, log, maximum, mul, neg, rsqrt, square, sub } from '../ops/map.ts';
import { max, sum } from '../ops/reduce.ts';
import type { Tensor } from '../tensor.ts';
import { elementwiseLoss, meanLast } from './loss.ts';
import type { LossFunction, LossOptions } from './loss.ts';

const EPSILON = 1e-7;

/** sum(y log(y / p)) over the last axis, with both clipped to [1e-7, 1]. */
export const klDivergence = (options: LossOptions = {}): LossFunction =>
  elementwiseLoss('klDivergence', options, {}, (yTrue, yPred) => {
    const y = clip(yTrue, EPSILON, 1);
    return sum(mul(y, log(div(y, clip(yPred, EPSILON, 1)))), { axis: -1 });
  });

/** mean(p - y log(p + 1e-7)) over the last axis. */
export const poisson = (options: LossOptions = {}): LossFunction =>
  elementwiseLoss('poisson', options, {}, (yTrue, yPred) =>
    meanLast(sub(yPred, mul(yTrue, log(add(yPred, EPSILON))))),
  );

/** mean(max(1 - y p, 0)) over the last axis; y is -1 or 1; if all targets are 0 or 1, 0 means -1. */
export const hinge = (options: LossOptions = {}): LossFunction =>
  elementwiseLoss('hinge', options, {}, (yTrue, yPred) => meanLast(margin(yTrue, yPred)));

/** mean(max(1 - y p, 0)²) over the last axis; y as for `hinge`. */
export const squaredHinge = (options: LossOptions = {}): LossFunction =>
  elementwiseLoss('squaredHinge', options, {}, (yTrue, yPred) =>
    meanLast(square(margin(yTrue, yPred))),
  );

/** max(0, 1 + max((1-y) p) - sum(y p)) over the last axis; y is one-hot. */
export const categoricalHinge = (options: LossOptions = {}): LossFunction =>
  elementwiseLoss('categoricalHinge', options, {}, (yTrue, yPred) => {
    const right = sum(mul(yTrue, yPred), { axis: -1 });
    const wrong = max(mul(sub(1, yTrue), yPred), { axis: -1 });
    return maximum(add(sub(wrong, right), 1), 0);
  });

/** -sum(y p) over the last axis of y / |y| and p / |p|: -1 for the same direction, 1 for opposite ones. */
export const cosineSimilarity = (options: LossOptions = {}): LossFunction =>
  elementwiseLoss('cosineSimilarity', options, {}, (yTrue, yPred) =>
    neg(sum(mul(unit(yTrue), unit(yPred)), { axis: -1 })),
  );

function margin(yTrue: Tensor, yPred: Tensor): Tensor {
  // y (y - 1) is 0 only for 0 and 1, so their sum tells, without a read, whether all labels are binary.
  const others = sum(abs(mul(yTrue, sub(yTrue, 1))));
  const binary = cast(equal(others, 0), 'float32');
  const signs = add(yTrue, mul(binary, sub(yTrue, 1)));
  return maximum(sub(1, mul(signs, yPred)), 0);
}

function unit(x: Tensor): Tensor {
  const squares = sum(square(x), { axis: -1, keepDims: true });
  return mul(x, rsqrt(maximum(squares, EPSILON * EPSILON)));
}
