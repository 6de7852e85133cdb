import { UNARY_NAMES, type UnaryName } from '../op-codes.ts';
import type { Twin } from './twin.ts';
import { erf, hardSigmoid, normalCdf, sigmoid, softplus } from './functions.ts';

/** Klambauer et al. 2017, rounded as in the paper's code. */
export const SELU_SCALE = 1.0507009873554805;
export const SELU_ALPHA = 1.6732632423543772;
export const GELU_SLOPE = Math.sqrt(2 / Math.PI);

type Unary = (x: number, alpha: number, beta: number) => number;

export const FUNCTIONS: Record<UnaryName, Unary> = {
  neg: (x) => -x,
  abs: Math.abs,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  rsqrt: (x) => 1 / Math.sqrt(x),
  reciprocal: (x) => 1 / x,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  erf,
  sign: Math.sign,
  floor: Math.floor,
  clip: (x, low, high) => Math.min(Math.max(x, low), high),
  relu: (x) => Math.max(x, 0),
  relu6: (x) => Math.min(Math.max(x, 0), 6),
  tanh: Math.tanh,
  sigmoid,
  hardSigmoid,
  hardTanh: (x) => Math.min(Math.max(x, -1), 1),
  leakyRelu: (x, slope) => (x > 0 ? x : slope * x),
  elu: (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x)),
  selu: (x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x)),
  celu: (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x / alpha)),
  softplus,
  softsign: (x) => x / (1 + Math.abs(x)),
  silu: (x) => x * sigmoid(x),
  hardSilu: (x) => x * hardSigmoid(x),
  gelu: (x) => x * normalCdf(x),
  geluTanh: (x) => 0.5 * x * (1 + Math.tanh(GELU_SLOPE * (x + 0.044715 * x ** 3))),
  mish: (x) => x * Math.tanh(softplus(x)),
  logSigmoid: (x) => -softplus(-x),
  hardShrink: (x, lambda) => (Math.abs(x) <= lambda ? 0 : x),
  softShrink: (x, lambda) => Math.sign(x) * Math.max(Math.abs(x) - lambda, 0),
  tanhShrink: (x) => x - Math.tanh(x),
  squareplus: (x, b) => 0.5 * (x + Math.sqrt(x * x + b)),
};

/** Twin of shaders/unary.wgsl. */
export const unary: Twin<'unary'> = ({ x, y }, { size, alpha, beta }, variant) => {
  const f = FUNCTIONS[UNARY_NAMES[variant.constants?.OP ?? 0]];
  for (let i = 0; i < size; i++) y[i] = f(x[i], alpha, beta);
};
