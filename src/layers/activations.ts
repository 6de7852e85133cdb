/**
 * Activations with constants of their own, for the options of layers: `lstm(64, { recurrentActivation: activations.hardSigmoid({ slope: 0.2 }) })`.
 * Those that are meant with their defaults are names, 'hardSigmoid'.
 */
import type { CellActivation } from './activation_names.ts';

function withConstant(name: CellActivation, option: string, constant: number): CellActivation {
  if (!Number.isFinite(Math.fround(constant)))
    throw new Error(`${name}: expected ${option} to be a finite number, got ${constant}`);
  return `${name}(${constant})` as CellActivation;
}

/** min(max(slope · x + 0.5, 0), 1). The slope is above 0: 1/6 in Keras 3 and PyTorch, 0.2 in Keras 2 and TensorFlow.js. */
export function hardSigmoid({
  slope,
}: {
  /** Above 0. */
  slope: number;
}): CellActivation {
  if (!(slope > 0))
    throw new Error(`hardSigmoid: expected slope to be a number above 0, got ${slope}`);
  return withConstant('hardSigmoid', 'slope', 1 / slope);
}
/** x above 0, else negativeSlope · x. */
export const leakyRelu = ({
  negativeSlope,
}: {
  /** What numbers below 0 are multiplied by. */
  negativeSlope: number;
}): CellActivation => withConstant('leakyRelu', 'negativeSlope', negativeSlope);
/** x above 0, else alpha (e^x - 1). */
export const elu = ({
  alpha,
}: {
  /** What the function tends to far below 0, with the sign turned. */
  alpha: number;
}): CellActivation => withConstant('elu', 'alpha', alpha);
