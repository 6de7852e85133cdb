/** PyTorch's activations, from -100 to 100, and softmax with huge values. */
import { describe, it } from 'vitest';
import * as activations from '../../src/ops/activations.ts';
import { greater, where } from '../../src/ops/compare.ts';
import * as map from '../../src/ops/map.ts';
import { reshape, split } from '../../src/ops/shape.ts';
import { logSoftmax, softmax } from '../../src/ops/softmax.ts';
import type { Tensor } from '../../src/tensor.ts';
import { checkGolden } from '../support/golden-op.ts';
import type { GoldenBuild } from '../support/golden-op.ts';
import { goldenCases } from './cases.ts';

const { add, clip, div, mul } = map;
type Unary = (x: Tensor) => Tensor;
const plain =
  (f: Unary): GoldenBuild =>
  (inputs) =>
    f(inputs.x);

/** By the golden op's name, PyTorch's. */
const OPS: Record<string, GoldenBuild> = {
  identity: plain((x) => add(x, 0)),
  relu: plain(activations.relu),
  relu6: plain(activations.relu6),
  sigmoid: plain(activations.sigmoid),
  tanh: plain(activations.tanh),
  leaky_relu: ({ x }, { negative_slope }) => activations.leakyRelu(x, negative_slope),
  elu: ({ x }, { alpha }) => activations.elu(x, alpha),
  selu: plain(activations.selu),
  'celu_1.5': ({ x }, { alpha }) => activations.celu(x, alpha),
  gelu: plain((x) => activations.gelu(x)),
  gelu_tanh: plain((x) => activations.gelu(x, true)),
  silu: plain(activations.silu),
  mish: plain(activations.mish),
  softplus: plain(activations.softplus),
  softplus_beta3: ({ x }, { beta }) => div(activations.softplus(mul(x, beta)), beta),
  softsign: plain(activations.softsign),
  logsigmoid: plain(activations.logSigmoid),
  hardtanh: plain(activations.hardTanh),
  hardsigmoid: plain(activations.hardSigmoid),
  hardswish: plain(activations.hardSilu),
  hardshrink: ({ x }, { lambd }) => activations.hardShrink(x, lambd),
  softshrink: ({ x }, { lambd }) => activations.softShrink(x, lambd),
  tanhshrink: plain(activations.tanhShrink),
  keras_hard_sigmoid: plain((x) => clip(add(mul(x, 0.2), 0.5), 0, 1)),
  erf: plain(map.erf),
  sin: plain(map.sin),
  square: plain(map.square),
  abs: plain(map.abs),
  exp: plain(map.exp),
  expm1: plain(map.expm1),
  log: plain(map.log),
  log1p: plain(map.log1p),
  sqrt: plain(map.sqrt),
  rsqrt: plain(map.rsqrt),
  reciprocal: plain(map.reciprocal),
  softmax: ({ x }, { dim }) => softmax(x, dim),
  log_softmax: ({ x }, { dim }) => logSoftmax(x, dim),
  // A slope for each of axis 1.
  prelu: ({ x, weight }) => where(greater(x, 0), x, mul(x, reshape(weight, [weight.size, 1]))),
  glu: ({ x }, { dim }) => {
    const [value, gate] = split(x, 2, dim);
    return mul(value, activations.sigmoid(gate));
  },
};

const cases = await goldenCases('activations', 'activations');

describe('golden activations', () => {
  it.each(cases)('$name', (golden) => checkGolden(golden, OPS[golden.op]));
});
