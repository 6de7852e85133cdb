/**
 * PyTorch's optimizers against ours, where both follow one formula: values after each of 20 steps. Where PyTorch differs
 * in a way that can be said exactly, the test says it: an L2 penalty is part of the gradient there (`weight_decay`), and
 * its Adam adds epsilon after the bias correction. What differs otherwise stands in left-out.ts. Keras' own formulas are
 * tested in test/training/optimizers.test.ts.
 */
import { describe, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import * as optimizers from '../../src/optimizers/index.ts';
import type { Optimizer } from '../../src/optimizers/index.ts';
import { GradientNorms } from '../../src/optimizers/norms.ts';
import { inverseTimeDecay } from '../../src/optimizers/schedules.ts';
import { scope, tensor, Variable, zeros } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { reference, testedDevices } from '../support/devices.ts';
import type { GoldenCase } from '../support/fixtures.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import { goldenCases } from './cases.ts';
import { problemOf, STEPS } from './optim-problems.ts';
import type { Arrays } from './optim-problems.ts';

const cases = await goldenCases('optim', 'optim');
const rows = (test: (one: GoldenCase) => boolean) =>
  cases.filter(test).map((one) => [one.name, one] as [string, GoldenCase]);

type Config = Record<string, any>;
interface Setting {
  optimizer: Optimizer;
  /** Times the weights, it is added to the gradient. */
  penalty: number;
  /** Sets what must be set before step t, which counts from 1. */
  before?(t: number): void;
}

/** PyTorch divides by sqrt(v) / sqrt(1 - beta2^t) + eps; that is ours with the epsilon set here. */
function adam(c: Config, decoupled: number | null, penalty: number): Setting {
  const { lr, betas, eps, amsgrad } = c;
  const options = { learningRate: lr, beta1: betas[0], beta2: betas[1], amsgrad };
  const optimizer =
    decoupled === null
      ? optimizers.adam(options)
      : optimizers.adamw({ ...options, weightDecay: decoupled });
  const before = (t: number) => {
    optimizer.epsilon = eps * Math.sqrt(1 - betas[1] ** t);
  };
  return { optimizer, penalty, before };
}

const SETTINGS: Record<string, (c: Config) => Setting> = {
  sgd({ lr, momentum, nesterov, weight_decay = 0 }) {
    // Without momentum, a penalty and a decay of the weights are the same.
    const weightDecay = momentum === 0 ? weight_decay : null;
    const optimizer = optimizers.sgd({ learningRate: lr, momentum, nesterov, weightDecay });
    return { optimizer, penalty: momentum === 0 ? 0 : weight_decay };
  },
  adam: (c) => adam(c, null, c.weight_decay),
  adamw: (c) => adam(c, c.weight_decay, 0),
  rmsprop({ lr, alpha, momentum, centered, weight_decay }) {
    // PyTorch adds 1e-8 to the root, Keras epsilon to what is under it: without either, the difference is below 1e-7.
    const options = { learningRate: lr, rho: alpha, momentum, centered, epsilon: 0 };
    return { optimizer: optimizers.rmsprop(options), penalty: weight_decay };
  },
  adagrad({ lr, lr_decay, initial_accumulator_value, weight_decay }) {
    const rate = { initialLearningRate: lr, decaySteps: 1, decayRate: lr_decay };
    const optimizer = optimizers.adagrad({
      learningRate: inverseTimeDecay(rate),
      initialAccumulatorValue: initial_accumulator_value,
      // As for RMSprop, with 1e-10.
      epsilon: 0,
    });
    return { optimizer, penalty: weight_decay };
  },
  adadelta({ lr, rho, eps, weight_decay }) {
    const optimizer = optimizers.adadelta({ learningRate: lr, rho, epsilon: eps });
    return { optimizer, penalty: weight_decay };
  },
  adamax({ lr, betas, eps, weight_decay }) {
    // PyTorch adds 1e-8 to |g| before the maximum, Keras epsilon after it.
    const options = { learningRate: lr, beta1: betas[0], beta2: betas[1], epsilon: eps };
    return { optimizer: optimizers.adamax(options), penalty: weight_decay };
  },
};

/** One setting for all variables, or, with parameter groups, one for each. */
function settingsOf({ op, config }: GoldenCase, count: number): Setting[] {
  const { groupQ, ...common } = config;
  if (groupQ) return [SETTINGS[op](common), SETTINGS[op]({ ...common, ...groupQ })];
  return new Array<Setting>(count).fill(SETTINGS[op](common));
}

/** The weights after each step, one after the other, by name. */
async function train(test: GoldenCase, device: Device): Promise<Arrays> {
  const { start, gradients } = problemOf(test);
  const sign = test.config.maximize ? -1 : 1;
  const settings = settingsOf(test, Object.keys(start).length);
  const variables = Object.entries(start).map(([name, { data, shape }]) => {
    const { storage } = tensor(data, shape, 'float32', device);
    return new Variable(device, storage, shape, name, true);
  });
  const trace: Record<string, number[]> = {};
  let weights: Arrays = {};
  for (const { name } of variables) {
    trace[name] = [];
    weights[name] = start[name].data;
  }
  for (let step = 0; step < STEPS; step++) {
    const now = gradients(weights, step);
    scope(() => {
      for (const setting of new Set(settings)) {
        const own = variables.filter((_, i) => settings[i] === setting);
        const total = own.map(({ name, shape }) => {
          const penalty = (i: number) => setting.penalty * weights[name][i];
          const values = Array.from(now[name], (g, i) => sign * g + penalty(i));
          return tensor(values, shape, 'float32', device);
        });
        setting.before?.(step + 1);
        setting.optimizer.apply(total, own);
      }
    });
    weights = {};
    for (const variable of variables) {
      const values = await variable.data();
      weights[variable.name] = values;
      trace[variable.name].push(...values);
    }
  }
  return trace;
}

describe('PyTorch optimizers', () => {
  it.each(rows(({ op }) => !op.startsWith('clip_')))('%s', async (_, test) => {
    const twin = await train(test, reference);
    const names = Object.keys(problemOf(test).start);
    for (const name of names)
      expectClose(twin[name], test.outputs[name].data, `${name} (twin)`, TOLERANCE.golden);
    for (const { name: device, open, tolerance } of testedDevices) {
      const actual = await train(test, await open());
      for (const name of names)
        expectClose(actual[name], twin[name], `${name} (${device})`, tolerance.op);
    }
  });
});

/** The gradients as they are after clipping: what plain SGD with a learning rate of 1 takes off weights of 0. */
async function clipped(test: GoldenCase, device: Device, options: object) {
  const gradients = Object.values(test.inputs).map(({ data, shape }) =>
    tensor(data, shape, 'float32', device),
  );
  const variables = gradients.map(
    ({ shape }) =>
      new Variable(device, zeros(shape, 'float32', device).storage, shape, 'clipped', true),
  );
  optimizers.sgd({ learningRate: 1, ...options }).apply(gradients, variables);
  const norms = new GradientNorms(device);
  norms.measure(gradients);
  const [norm] = await device.read(norms.take(gradients)!);
  const values = await Promise.all(variables.map((variable) => variable.data()));
  return { norm, values: values.map((value) => value.map((x) => -x)) };
}

describe('PyTorch clipping', () => {
  it.each(rows(({ op }) => op.startsWith('clip_')))('%s', async (_, test) => {
    const { maxNorm, clipValue, eps } = test.config;
    const total = test.outputs.totalNorm?.data[0];
    // PyTorch divides by the norm + 1e-6.
    const globalClipNorm = total + eps > maxNorm ? (maxNorm * total) / (total + eps) : maxNorm;
    const options = clipValue ? { clipValue } : { globalClipNorm };
    const twin = await clipped(test, reference, options);
    const names = ['g1', 'g2'];
    if (total !== undefined) expectClose([twin.norm], [total], 'norm (twin)', TOLERANCE.golden);
    for (const [i, name] of names.entries())
      expectClose(twin.values[i], test.outputs[name].data, `${name} (twin)`, TOLERANCE.golden);
    for (const { name: device, open, tolerance } of testedDevices) {
      const actual = await clipped(test, await open(), options);
      if (total !== undefined)
        expectClose([actual.norm], [twin.norm], `norm (${device})`, tolerance.op);
      for (const [i, name] of names.entries())
        expectClose(actual.values[i], twin.values[i], `${name} (${device})`, tolerance.op);
    }
  });
});
