/** The functions of recurrent nodes: by names, with numbers that are listed for those which have some, in their order. */
import type { MapName } from '../../../kernels.generated.ts';
import * as ops from '../../../ops/index.ts';
import type { Tensor } from '../../../tensor.ts';
import { hardSigmoid, thresholdedRelu } from './elementwise.ts';
import type { Given } from './given.ts';
import type { CellActivation, Kind } from './recurrence.ts';

interface Function {
  /** Alpha and beta where they are not listed; as many as the function has. */
  readonly defaults: readonly number[];
  readonly make: (alpha: number, beta: number) => CellActivation;
}
const plain = (filler: MapName, compute: (x: Tensor) => Tensor, flatFrom?: number): Function => ({
  defaults: [],
  make: () => ({ filler, compute, flatFrom }),
});
const withConstant = (name: string, constant: number): MapName => `${name}(${constant})` as MapName;

const FUNCTIONS: Record<string, Function> = {
  // Both are 5e-8 from where they end.
  tanh: plain('tanh', ops.tanh, 8.8),
  sigmoid: plain('sigmoid', ops.sigmoid, 17),
  relu: plain('relu', ops.relu),
  softsign: plain('softsign', ops.softsign),
  softplus: plain('softplus', ops.softplus),
  affine: {
    defaults: [1, 0],
    make: (alpha, beta) => ({
      filler: alpha === 1 && beta === 0 ? 'linear' : null,
      compute: (x) => ops.add(ops.mul(x, alpha), beta),
    }),
  },
  leakyrelu: {
    defaults: [0.01],
    make: (alpha) => ({
      filler: withConstant('leakyRelu', alpha),
      compute: (x) => ops.leakyRelu(x, alpha),
    }),
  },
  thresholdedrelu: {
    defaults: [1],
    make: (alpha) => ({
      filler: null,
      compute: (x) => thresholdedRelu(x, alpha),
    }),
  },
  scaledtanh: {
    defaults: [1, 1],
    make: (alpha, beta) => ({
      filler: alpha === 1 && beta === 1 ? 'tanh' : null,
      compute: (x) => ops.mul(ops.tanh(ops.mul(x, beta)), alpha),
      flatFrom: alpha === 1 && beta === 1 ? 8.8 : Infinity,
    }),
  },
  hardsigmoid: {
    defaults: [0.2, 0.5],
    make: (alpha, beta) => ({
      // That of the cells has its middle at 0.
      filler: beta === 0.5 && alpha > 0 ? withConstant('hardSigmoid', 1 / alpha) : null,
      compute: (x) => hardSigmoid(x, alpha, beta),
      flatFrom: beta === 0.5 && alpha > 0 ? 0.5 / alpha : Infinity,
    }),
  },
  elu: {
    defaults: [1],
    make: (alpha) => ({
      filler: withConstant('elu', alpha),
      compute: (x) => ops.elu(x, alpha),
    }),
  },
};

const DEFAULTS: Record<Kind, readonly string[]> = {
  RNN: ['Tanh'],
  LSTM: ['Sigmoid', 'Tanh', 'Tanh'],
  GRU: ['Sigmoid', 'Tanh'],
};

/** By direction, those of the gates first. */
export function activationsOf(kind: Kind, given: Given, directions: number): CellActivation[][] {
  const own = DEFAULTS[kind];
  const count = own.length * directions;
  const names = given.texts('activations') ?? Array.from({ length: directions }, () => own).flat();
  if (names.length !== count)
    throw new Error(`expected ${count} activations, got ${names.length} (${names.join(', ')})`);
  const alphas = [...(given.list('activation_alpha') ?? [])];
  const betas = [...(given.list('activation_beta') ?? [])];
  const all = names.map((name) => {
    const found = FUNCTIONS[name.toLowerCase()];
    if (!Object.hasOwn(FUNCTIONS, name.toLowerCase()))
      throw new Error(
        `expected an activation of ${Object.keys(FUNCTIONS).join(', ')}, got '${name}'`,
      );
    const [alpha, beta] = found.defaults;
    return found.make(
      alpha === undefined ? 0 : (alphas.shift() ?? alpha),
      beta === undefined ? 0 : (betas.shift() ?? beta),
    );
  });
  return Array.from({ length: directions }, (_, d) =>
    all.slice(d * own.length, (d + 1) * own.length),
  );
}
