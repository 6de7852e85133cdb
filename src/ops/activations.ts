/** Activations with Keras 3's names and defaults, in camelCase. */
import { findName } from '../create_by_name.ts';
import type { Spelled } from '../create_by_name.ts';
import type { MapName } from '../kernels.generated.ts';
import { mapParts } from '../maps.ts';
import { check, oneOf } from '../options.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { unary } from './elementwise.ts';
import { tensorOf } from './operands.ts';
import { logSoftmax, softmax } from './softmax.ts';

/** max(x, 0), of float32 as all activations; the output has the shape of the input. */
export const relu = (x: TensorLike): Tensor => unary('relu', x);
/** min(max(x, 0), 6) */
export const relu6 = (x: TensorLike): Tensor => unary('relu6', x);
/** The hyperbolic tangent. */
export const tanh = (x: TensorLike): Tensor => unary('tanh', x);
/** 1 / (1 + e^-x) */
export const sigmoid = (x: TensorLike): Tensor => unary('sigmoid', x);
/** min(max(slope · x + 0.5, 0), 1); the slope is 1/6 by default. */
export const hardSigmoid = (x: TensorLike, slope?: number): Tensor =>
  unary('hardSigmoid', x, slope && 1 / slope);
/** min(max(x, -1), 1) */
export const hardTanh = (x: TensorLike): Tensor => unary('hardTanh', x);
/** x itself. */
export const linear = (x: TensorLike): Tensor => tensorOf('linear', x);
/** x above 0, else negativeSlope · x; 0.2 by default. */
export const leakyRelu = (x: TensorLike, negativeSlope?: number): Tensor =>
  unary('leakyRelu', x, negativeSlope);
/** x above 0, else alpha (e^x - 1); alpha is 1 by default. */
export const elu = (x: TensorLike, alpha?: number): Tensor => unary('elu', x, alpha);
/** The self-normalising elu of Klambauer et al. 2017: 1.0507 · (x above 0, else 1.6733 (e^x - 1)). */
export const selu = (x: TensorLike): Tensor => unary('selu', x);
/** x above 0, else alpha (e^(x / alpha) - 1); alpha is 1 by default. */
export const celu = (x: TensorLike, alpha?: number): Tensor => unary('celu', x, alpha);
/** log(1 + e^x) */
export const softplus = (x: TensorLike): Tensor => unary('softplus', x);
/** x / (1 + |x|) */
export const softsign = (x: TensorLike): Tensor => unary('softsign', x);
/** x sigmoid(x), also called swish (Ramachandran et al. 2017). */
export const silu = (x: TensorLike): Tensor => unary('silu', x);
/** x hardSigmoid(x) */
export const hardSilu = (x: TensorLike): Tensor => unary('hardSilu', x);
/**
 * x Φ(x), Φ the standard normal distribution (Hendrycks and Gimpel 2016); or with `approximate` its approximation by
 * tanh.
 */
export const gelu = (x: TensorLike, approximate = false): Tensor =>
  unary(approximate ? 'geluTanh' : 'gelu', x);
/** x tanh(softplus(x)) (Misra 2019) */
export const mish = (x: TensorLike): Tensor => unary('mish', x);
/** log sigmoid(x) */
export const logSigmoid = (x: TensorLike): Tensor => unary('logSigmoid', x);
/** x where |x| > threshold, else 0; the threshold is 0.5 by default. */
export const hardShrink = (x: TensorLike, threshold?: number): Tensor =>
  unary('hardShrink', x, threshold);
/** x moved towards 0 by `threshold`, 0.5 by default, and 0 where it would pass it. */
export const softShrink = (x: TensorLike, threshold?: number): Tensor =>
  unary('softShrink', x, threshold);
/** x - tanh(x) */
export const tanhShrink = (x: TensorLike): Tensor => unary('tanhShrink', x);
/** (x + √(x² + b)) / 2; b is 4 by default. */
export const squareplus = (x: TensorLike, b?: number): Tensor => unary('squareplus', x, b);
/** e^x */
export const exponential = (x: TensorLike): Tensor => unary('exp', x);

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

/** As they are called here. `softmax` and `logSoftmax` go along the last axis. */
export type Activation = keyof typeof ACTIVATIONS;
/** In camelCase or, as in Keras, in snake_case; `swish` is `silu`. */
export type ActivationName = Spelled<Activation>;
/** The names that `activation` and the option `activation` of layers take, in camelCase. */
export const ACTIVATION_NAMES = Object.keys(ACTIVATIONS) as Activation[];

/** Functions that have a constant, which may stand behind the name: see layers/activations.ts. */
const WITH_CONSTANT = /^(c?elu|hardSh.+|hardSigmoid|leakyRelu|softSh.+|squareplus)$/;

/**
 * What a name, however it is spelt, is called here, with the constant that may stand behind it.
 *
 * @param who and `what` say what it is for, in errors
 * @param names those that are possible
 */
export function findActivation<Name extends Activation>(
  who: string,
  what: string,
  given: unknown,
  names: readonly Name[],
): Name {
  const [name, constant] = mapParts(typeof given === 'string' ? given : '');
  const found = findName(ACTIVATIONS, name) ?? given;
  if (constant === undefined) return check(who, what, found, oneOf(names)) as Name;
  const fits = WITH_CONSTANT.test(String(found)) && !Number.isNaN(Number(constant));
  check(who, what, fits ? found : given, oneOf(names));
  return `${String(found)}(${constant})` as Name;
}

/** An activation by name, with its defaults. */
export function activation(x: TensorLike, name: ActivationName): Tensor {
  const found = findActivation('activation', 'its name', name, ACTIVATION_NAMES);
  return Object.hasOwn(ACTIVATIONS, found) ? ACTIVATIONS[found](x) : unary(found as MapName, x);
}
