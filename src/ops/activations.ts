/** Activations with Keras 3's names and defaults, in camelCase. */
import type { Tensor } from '../tensor.ts';
import { unary } from './elementwise.ts';
import { logSoftmax, softmax } from './softmax.ts';

/** max(x, 0) */
export const relu = (x: Tensor): Tensor => unary('relu', x);
/** min(max(x, 0), 6) */
export const relu6 = (x: Tensor): Tensor => unary('relu6', x);
export const tanh = (x: Tensor): Tensor => unary('tanh', x);
/** 1 / (1 + e^-x) */
export const sigmoid = (x: Tensor): Tensor => unary('sigmoid', x);
/** relu6(x + 3) / 6 */
export const hardSigmoid = (x: Tensor): Tensor => unary('hardSigmoid', x);
/** min(max(x, -1), 1) */
export const hardTanh = (x: Tensor): Tensor => unary('hardTanh', x);
/** x itself. */
export const linear = (x: Tensor): Tensor => x;
/** x above 0, else negativeSlope · x; 0.2 by default. */
export const leakyRelu = (x: Tensor, negativeSlope?: number): Tensor =>
  unary('leakyRelu', x, negativeSlope);
/** x above 0, else alpha (e^x - 1); alpha is 1 by default. */
export const elu = (x: Tensor, alpha?: number): Tensor => unary('elu', x, alpha);
/** The self-normalising elu of Klambauer et al. 2017. */
export const selu = (x: Tensor): Tensor => unary('selu', x);
/** x above 0, else alpha (e^(x / alpha) - 1); alpha is 1 by default. */
export const celu = (x: Tensor, alpha?: number): Tensor => unary('celu', x, alpha);
/** log(1 + e^x) */
export const softplus = (x: Tensor): Tensor => unary('softplus', x);
/** x / (1 + |x|) */
export const softsign = (x: Tensor): Tensor => unary('softsign', x);
/** x sigmoid(x), also called swish. */
export const silu = (x: Tensor): Tensor => unary('silu', x);
/** x hardSigmoid(x) */
export const hardSilu = (x: Tensor): Tensor => unary('hardSilu', x);
/** x Φ(x), Φ the standard normal distribution; or its approximation by tanh. */
export const gelu = (x: Tensor, approximate = false): Tensor =>
  unary(approximate ? 'geluTanh' : 'gelu', x);
/** x tanh(softplus(x)) */
export const mish = (x: Tensor): Tensor => unary('mish', x);
/** log sigmoid(x) */
export const logSigmoid = (x: Tensor): Tensor => unary('logSigmoid', x);
/** x where |x| > threshold, else 0; the threshold is 0.5 by default. */
export const hardShrink = (x: Tensor, threshold?: number): Tensor =>
  unary('hardShrink', x, threshold);
/** x moved towards 0 by `threshold`, 0.5 by default, and 0 where it would pass it. */
export const softShrink = (x: Tensor, threshold?: number): Tensor =>
  unary('softShrink', x, threshold);
/** x - tanh(x) */
export const tanhShrink = (x: Tensor): Tensor => unary('tanhShrink', x);
/** (x + √(x² + b)) / 2; b is 4 by default. */
export const squareplus = (x: Tensor, b?: number): Tensor => unary('squareplus', x, b);
/** e^x */
export const exponential = (x: Tensor): Tensor => unary('exp', x);

const ACTIVATIONS = {
  celu,
  elu,
  exponential,
  gelu,
  hardShrink,
  hardSigmoid,
  hardSilu,
  hardTanh,
  leakyRelu,
  linear,
  logSigmoid,
  logSoftmax,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  softShrink,
  softsign,
  squareplus,
  tanh,
  tanhShrink,
} satisfies Record<string, (x: Tensor) => Tensor>;

/** Keras 3's names in camelCase. `softmax` and `logSoftmax` go along the last axis. */
export type ActivationName = keyof typeof ACTIVATIONS;
export const ACTIVATION_NAMES = Object.keys(ACTIVATIONS) as ActivationName[];

/** An activation by name, with its defaults. */
export function activation(x: Tensor, name: ActivationName): Tensor {
  if (!Object.hasOwn(ACTIVATIONS, name))
    throw new Error(
      `activation: expected one of ${ACTIVATION_NAMES.join(', ')}; got '${String(name)}'`,
    );
  return ACTIVATIONS[name](x);
}
