import { UNARY_NAMES, type UnaryName } from '../op-codes.ts';
import type { Twin } from './twin.ts';
import { normalCdf, normalDensity, sigmoid, softplus } from './functions.ts';
import { GELU_SLOPE, SELU_ALPHA, SELU_SCALE } from './unary.ts';

type Derivative = (v: number, alpha: number, beta: number) => number;

/** By the value y where GRADIENT_FROM_VALUE has the name, else by x. */
export const DERIVATIVES: Record<UnaryName, Derivative> = {
  neg: () => -1,
  abs: Math.sign,
  square: (x) => 2 * x,
  sqrt: (y) => 0.5 / y,
  rsqrt: (y) => -0.5 * y ** 3,
  reciprocal: (y) => -y * y,
  exp: (y) => y,
  expm1: (y) => y + 1,
  log: (x) => 1 / x,
  log1p: (x) => 1 / (1 + x),
  sin: Math.cos,
  cos: (x) => -Math.sin(x),
  erf: (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x),
  sign: () => 0,
  floor: () => 0,
  clip: (x, low, high) => (x >= low && x <= high ? 1 : 0),
  relu: (y) => (y > 0 ? 1 : 0),
  relu6: (y) => (y > 0 && y < 6 ? 1 : 0),
  tanh: (y) => 1 - y * y,
  sigmoid: (y) => y * (1 - y),
  hardSigmoid: (y) => (y > 0 && y < 1 ? 1 / 6 : 0),
  hardTanh: (y) => (y > -1 && y < 1 ? 1 : 0),
  leakyRelu: (x, slope) => (x > 0 ? 1 : slope),
  elu: (y, alpha) => (y > 0 ? 1 : y + alpha),
  selu: (y) => (y > 0 ? SELU_SCALE : y + SELU_SCALE * SELU_ALPHA),
  celu: (y, alpha) => (y > 0 ? 1 : y / alpha + 1),
  softplus: sigmoid,
  softsign: (x) => 1 / (1 + Math.abs(x)) ** 2,
  silu: (x) => sigmoid(x) * (1 + x * sigmoid(-x)),
  hardSilu: (x) => (x < -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1),
  gelu: (x) => normalCdf(x) + x * normalDensity(x),
  geluTanh: (x) => {
    const t = Math.tanh(GELU_SLOPE * (x + 0.044715 * x ** 3));
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * GELU_SLOPE * (1 + 3 * 0.044715 * x * x);
  },
  mish: (x) => {
    const t = Math.tanh(softplus(x));
    return t + x * sigmoid(x) * (1 - t * t);
  },
  logSigmoid: (x) => sigmoid(-x),
  hardShrink: (x, lambda) => (Math.abs(x) > lambda ? 1 : 0),
  softShrink: (x, lambda) => (Math.abs(x) > lambda ? 1 : 0),
  tanhShrink: (x) => Math.tanh(x) ** 2,
  squareplus: (x, b) => 0.5 * (1 + x / Math.sqrt(x * x + b)),
};

/** Twin of shaders/unary_gradient.wgsl. */
export const unaryGradient: Twin<'unary_gradient'> = (
  { x, dy, dx },
  { size, alpha, beta },
  variant,
) => {
  const derivative = DERIVATIVES[UNARY_NAMES[variant.constants?.OP ?? 0]];
  for (let i = 0; i < size; i++) dx[i] = dy[i] * derivative(x[i], alpha, beta);
};
