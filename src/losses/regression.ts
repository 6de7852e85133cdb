/** Regression losses, with the names, defaults and formulas of Keras 3. Targets and predictions are [B, ..., D]. */
import { softplus } from '../ops/activations.ts';
import { abs, add, div, log1p, maximum, minimum, mul, square, sub } from '../ops/map.ts';
import { elementwiseLoss, meanLast } from './loss.ts';
import type { LossFunction, LossOptions } from './loss.ts';

const EPSILON = 1e-7;

/** mean((y - p)²) over the last axis. Targets and predictions are [B, ..., D], as of all losses of this kind. */
export const meanSquaredError = (options: LossOptions = {}): LossFunction =>
  elementwiseLoss('meanSquaredError', options, {}, (yTrue, yPred) =>
    meanLast(square(sub(yPred, yTrue))),
  );

/** mean(|y - p|) over the last axis. */
export const meanAbsoluteError = (options: LossOptions = {}): LossFunction =>
  elementwiseLoss('meanAbsoluteError', options, {}, (yTrue, yPred) =>
    meanLast(abs(sub(yPred, yTrue))),
  );

/** 100 mean(|y - p| / max(|y|, 1e-7)) over the last axis. */
export const meanAbsolutePercentageError = (options: LossOptions = {}): LossFunction =>
  elementwiseLoss('meanAbsolutePercentageError', options, {}, (yTrue, yPred) =>
    mul(meanLast(div(abs(sub(yPred, yTrue)), maximum(abs(yTrue), EPSILON))), 100),
  );

/** mean((log(1 + max(y, 1e-7)) - log(1 + max(p, 1e-7)))²) over the last axis. */
export const meanSquaredLogarithmicError = (options: LossOptions = {}): LossFunction =>
  elementwiseLoss('meanSquaredLogarithmicError', options, {}, (yTrue, yPred) =>
    meanLast(square(sub(log1p(maximum(yPred, EPSILON)), log1p(maximum(yTrue, EPSILON))))),
  );

/**
 * The mean over the last axis of e²/2 where |e| = |y - p| ≤ delta, otherwise of delta |e| - delta²/2 (Huber 1964).
 *
 * @param options.delta where the loss becomes linear; 1 by default
 * @throws Error where delta is not above 0
 */
export function huber(options: LossOptions & { delta?: number } = {}): LossFunction {
  return elementwiseLoss('huber', options, { delta: 1 }, (yTrue, yPred, { delta }) => {
    const error = abs(sub(yPred, yTrue));
    const clipped = minimum(error, delta);
    return meanLast(mul(clipped, sub(error, mul(clipped, 0.5))));
  });
}

/** mean(log cosh(p - y)) over the last axis, as |e| + log(1 + e^(-2|e|)) - log 2. */
export const logCosh = (options: LossOptions = {}): LossFunction =>
  elementwiseLoss('logCosh', options, {}, (yTrue, yPred) => {
    const error = abs(sub(yPred, yTrue));
    return meanLast(add(error, sub(softplus(mul(error, -2)), Math.LN2)));
  });
