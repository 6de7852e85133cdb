import { describe, expect, it } from 'vitest';
import type { Device, NumericArray } from '../../src/backend.ts';
import { adam, adamw, getOptimizer, rmsprop, sgd, StepGuard } from '../../src/optimizers/index.ts';
import type { Optimizer } from '../../src/optimizers/index.ts';
import * as schedules from '../../src/optimizers/schedules.ts';
import { scope, tensor, Variable } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { allDevices, reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { PlainOptimizer } from './plain-optimizers.ts';

/** More than one workgroup, a size that is no multiple of 4, one element. */
const SHAPES = [[3, 5], [1], [4099], [32, 64]];
const STEPS = 6;
const weights = SHAPES.map((shape, i) => floats(shape, 50 + i));
const gradients = Array.from({ length: STEPS }, (_, step) =>
  SHAPES.map((shape, i) => floats(shape, 100 * step + i, 2)),
);

function variablesOn(device: Device, hosts: readonly Host[] = weights): Variable[] {
  return hosts.map(({ shape, data }, i) => {
    const { storage } = tensor(data, shape, 'float32', device);
    return new Variable(device, storage, shape, `layer/kernel${i}`, true);
  });
}

function steps(
  optimizer: Optimizer,
  variables: Variable[],
  from = 0,
  to = STEPS,
  guard?: StepGuard,
): void {
  for (let step = from; step < to; step++)
    scope(() => {
      const { device } = variables[0];
      const now = gradients[step].map(({ shape, data }) => tensor(data, shape, 'float32', device));
      guard?.check(tensor([1], [1], 'float32', device), now, step);
      optimizer.apply(now, variables, guard);
    });
}

const valuesOf = (variables: Variable[]): Promise<NumericArray[]> =>
  Promise.all(variables.map((variable) => variable.data()));

const CASES: [string, Record<string, unknown>][] = [
  ['sgd', { learningRate: 0.1 }],
  ['sgd', { learningRate: 0.1, momentum: 0.9 }],
  ['sgd', { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1 }],
  ['sgd', { learningRate: 0.1, clipNorm: 3 }],
  ['sgd', { learningRate: 0.1, globalClipNorm: 3 }],
  ['sgd', { learningRate: 0.1, clipValue: 0.7 }],
  ['rmsprop', { learningRate: 0.05 }],
  ['rmsprop', { learningRate: 0.05, rho: 0.8, epsilon: 1e-3, centered: true }],
  ['rmsprop', { learningRate: 0.02, momentum: 0.8, globalClipNorm: 5 }],
  ['rmsprop', { learningRate: 0.02, momentum: 0.8, centered: true, weightDecay: 0.1 }],
  ['adam', { learningRate: 0.1 }],
  ['adam', { learningRate: 0.1, beta1: 0.7, beta2: 0.95, epsilon: 1e-2, clipNorm: 2 }],
  ['adam', { learningRate: 0.1, amsgrad: true, beta2: 0.5, clipValue: 1 }],
  ['adamw', { learningRate: 0.1 }],
  ['adamw', { learningRate: 0.1, weightDecay: 0.2, globalClipNorm: 1 }],
  ['adagrad', { learningRate: 0.3 }],
  ['adagrad', { learningRate: 0.3, initialAccumulatorValue: 0.7, epsilon: 1e-2, clipNorm: 1 }],
  ['adadelta', { learningRate: 1 }],
  ['adadelta', { learningRate: 0.7, rho: 0.8, epsilon: 1e-4, weightDecay: 0.05 }],
  ['adamax', { learningRate: 0.1 }],
  ['adamax', { learningRate: 0.1, beta1: 0.8, beta2: 0.9, epsilon: 1e-2, clipValue: 0.5 }],
  ['nadam', { learningRate: 0.1 }],
  ['nadam', { learningRate: 0.1, beta1: 0.8, beta2: 0.9, epsilon: 1e-3, weightDecay: 0.1 }],
];

describe.each(CASES)('%s %j', (name, options) => {
  it("follows Keras' formula on the twin and on the GPU", async () => {
    const plain = new PlainOptimizer(
      name,
      options,
      weights.map((host) => host.data),
    );
    for (const now of gradients) plain.step(now.map((host) => host.data));
    for (const [kind, open] of allDevices) {
      const device = await open();
      const variables = variablesOn(device);
      steps(getOptimizer({ name, ...options }), variables);
      const values = await valuesOf(variables);
      const tolerance = device === reference ? { absolute: 1e-12, relative: 1e-12 } : undefined;
      values.forEach((value, i) =>
        expectClose(value, plain.weights[i], `${kind}, variable ${i}`, tolerance),
      );
    }
  });

  it('goes on bit by bit from its slots and its step', async () => {
    for (const [, device] of allDevices) {
      const whole = variablesOn(await device());
      steps(getOptimizer({ name, ...options }), whole);

      const half = variablesOn(await device());
      const first = getOptimizer({ name, ...options });
      steps(first, half, 0, 3);
      const saved = JSON.parse(JSON.stringify(first.getConfig()));
      const slots = await valuesOf(first.variables);
      first.dispose();

      const second = getOptimizer(saved);
      expect(second.getConfig()).toEqual(saved);
      second.build(half);
      expect(second.variables).toHaveLength(slots.length);
      second.variables.forEach((slot, i) => slot.assign(slots[i]));
      second.iterations = 3;
      steps(second, half, 3, STEPS);
      expect(await valuesOf(half)).toEqual(await valuesOf(whole));
    }
  });

  it('changes nothing where the guard is latched', async () => {
    for (const [, device] of allDevices) {
      const variables = variablesOn(await device());
      const optimizer = getOptimizer({ name, ...options });
      const guard = new StepGuard(await device());
      steps(optimizer, variables, 0, 2, guard);
      const before = [await valuesOf(variables), await valuesOf(optimizer.variables)];
      expect(before[0][0]).not.toEqual(weights[0].data);
      guard.tensor.device.write(guard.tensor.storage, [1, 2]);
      steps(optimizer, variables, 2, 4, guard);
      expect([await valuesOf(variables), await valuesOf(optimizer.variables)]).toEqual(before);
    }
  });
});

describe.each(allDevices)('an optimizer on %s', (_, device) => {
  it('takes one dispatch a variable, and one more each for the norms', async () => {
    const d = await device();
    const count = (options: object, guarded: boolean) => {
      const variables = variablesOn(d);
      const optimizer = adam(options);
      const guard = guarded ? new StepGuard(d) : undefined;
      steps(optimizer, variables, 0, 1, guard);
      const uploaded = gradients[1].map(({ shape, data }) => tensor(data, shape, 'float32', d));
      const loss = tensor([1], [1], 'float32', d);
      const before = d.stats();
      guard?.check(loss, uploaded, 1);
      optimizer.apply(uploaded, variables, guard);
      const after = d.stats();
      expect(after.submits).toBe(before.submits);
      expect(after.storages).toBe(before.storages);
      return after.dispatches - before.dispatches;
    };
    const n = SHAPES.length;
    expect(count({}, false)).toBe(n);
    expect(count({}, true)).toBe(2 * n + 1);
    expect(count({ globalClipNorm: 1 }, false)).toBe(2 * n + 1);
    expect(count({ globalClipNorm: 1 }, true)).toBe(2 * n + 1);
    expect(count({ clipNorm: 1 }, true)).toBe(2 * n + 1);
    expect(count({ clipValue: 1 }, false)).toBe(n);
  });

  it('leaves variables without a gradient alone and counts the step', async () => {
    const d = await device();
    const variables = variablesOn(d);
    const optimizer = sgd({ learningRate: 0.5, globalClipNorm: 1e9 });
    const some = variables.map((variable, i) =>
      i === 2 ? tensor(gradients[0][2].data, variable.shape, 'float32', d) : null,
    );
    optimizer.apply(some, variables);
    expect(optimizer.iterations).toBe(1);
    const values = await valuesOf(variables);
    expect(Array.from(values[0])).toEqual(Array.from(weights[0].data));
    const expected = weights[2].data.map((w, i) => w - 0.5 * gradients[0][2].data[i]);
    expectClose(values[2], expected, 'the variable with a gradient');
  });

  it('asks its schedule at every step, and takes a learning rate set in between', async () => {
    const d = await device();
    const [variable] = variablesOn(d, [{ shape: [2], data: Float32Array.of(1, 2) }]);
    const one = tensor([1, 1], [2], 'float32', d);
    const values = [0.5, 0.25, 0.125];
    const optimizer = sgd({
      learningRate: schedules.piecewiseConstantDecay({ boundaries: [0, 1], values }),
    });
    for (let step = 0; step < 3; step++) optimizer.apply([one], [variable]);
    expect(Array.from(await variable.data())).toEqual([0.125, 1.125]);
    optimizer.learningRate = 2;
    optimizer.apply([one], [variable]);
    expect(Array.from(await variable.data())).toEqual([-1.875, -0.875]);
  });

  it('spares excluded variables from weight decay', async () => {
    const d = await device();
    const variables = variablesOn(d, [weights[0], weights[0]]);
    variables[1].name = 'layer/bias';
    const optimizer = sgd({ learningRate: 0.5, weightDecay: 0.5 });
    optimizer.excludeFromWeightDecay(['bias']);
    const none = variables.map(({ shape }) => tensor(new Float32Array(15), shape, 'float32', d));
    optimizer.apply(none, variables);
    const [decayed, spared] = await valuesOf(variables);
    expectClose(
      decayed,
      weights[0].data.map((w) => 0.75 * w),
      'decayed',
    );
    expect(Array.from(spared)).toEqual(Array.from(weights[0].data));
  });

  it('keeps its slots through scopes and frees them when disposed of', async () => {
    const d = await device();
    const variables = variablesOn(d);
    const before = d.stats().storages;
    const optimizer = adam({ clipNorm: 1 });
    scope(() => steps(optimizer, variables, 0, 1));
    expect(d.stats().storages - before).toBe(2 * SHAPES.length + 2);
    scope(() => steps(optimizer, variables, 1, 2));
    expect(d.stats().storages - before).toBe(2 * SHAPES.length + 2);
    expect(optimizer.variables[1].name).toBe('layer/kernel0_velocity');
    expect(optimizer.variables[1].trainable).toBe(false);
    optimizer.dispose();
    expect(d.stats().storages).toBe(before);
  });
});

describe('optimizers', () => {
  it("have Keras' defaults", () => {
    expect(adam().getConfig()).toEqual({
      name: 'adam',
      learningRate: 0.001,
      weightDecay: null,
      clipNorm: null,
      globalClipNorm: null,
      clipValue: null,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-7,
      amsgrad: false,
    });
    expect(adamw().getConfig()).toMatchObject({ name: 'adamw', weightDecay: 0.004 });
    expect(sgd().getConfig()).toMatchObject({ learningRate: 0.01, momentum: 0, nesterov: false });
    expect(rmsprop().getConfig()).toMatchObject({
      learningRate: 0.001,
      rho: 0.9,
      momentum: 0,
      epsilon: 1e-7,
      centered: false,
    });
    expect(getOptimizer('adagrad').getConfig()).toMatchObject({
      learningRate: 0.001,
      initialAccumulatorValue: 0.1,
      epsilon: 1e-7,
    });
    expect(getOptimizer('adadelta').getConfig()).toMatchObject({ rho: 0.95, epsilon: 1e-7 });
    for (const name of ['adamax', 'nadam'] as const)
      expect(getOptimizer(name).getConfig()).toMatchObject({ beta1: 0.9, beta2: 0.999 });
  });

  it('come from a name, from themselves, and from a config with a schedule', () => {
    const own = adam();
    expect(getOptimizer(own)).toBe(own);
    const options = { initialLearningRate: 0.1, decaySteps: 10, alpha: 0.5 };
    const config = sgd({ learningRate: schedules.cosineDecay(options) }).getConfig();
    const again = getOptimizer(JSON.parse(JSON.stringify(config)));
    expect(again.getConfig()).toEqual(config);
    expect((again.learningRate as schedules.Schedule).call(10)).toBeCloseTo(0.05, 12);
    expect(() => getOptimizer('adm' as 'adam')).toThrow(
      "unknown optimizer 'adm': expected an optimizer or one of sgd, rmsprop, adam, adamw,",
    );
    expect(() => getOptimizer('constructor' as 'adam')).toThrow(/unknown optimizer/);
  });

  it('refuse bad options', () => {
    expect(() => adam({ clipNorm: 1, clipValue: 1 })).toThrow(
      'adam: at most one of clipNorm, globalClipNorm and clipValue may be set, got clipNorm and clipValue',
    );
    expect(() => adam({ globalClipNorm: 0 })).toThrow(
      'adam: expected globalClipNorm to be a number above 0, got 0',
    );
    expect(() => sgd({ momentum: 1.5 })).toThrow(
      'sgd: expected momentum to be a number from 0 to 1, got 1.5',
    );
  });

  it('refuse gradients that do not fit, and bad learning rates', () => {
    const [a, b] = variablesOn(reference);
    const gradient = tensor(gradients[0][0].data, [3, 5], 'float32', reference);
    expect(() => sgd().apply([gradient], [a, b])).toThrow(
      'sgd: expected a gradient (or null) for each of 2 variables, got 1',
    );
    expect(() => sgd().apply([null, gradient], [a, b])).toThrow(
      "sgd: the gradient of 'layer/kernel1' must be float32[1], got float32[3,5]",
    );
    expect(() => sgd().apply([null, null], [a, b])).toThrow(
      /expected a gradient for a variable, got none/,
    );
    for (const learningRate of [NaN, -1, Infinity]) {
      expect(() => sgd({ learningRate })).toThrow(
        `sgd: expected learningRate to be a number from 0 on, or a schedule, got ${learningRate}`,
      );
      const optimizer = sgd();
      optimizer.learningRate = learningRate;
      expect(() => optimizer.apply([gradient], [a])).toThrow(
        `sgd: expected the learning rate of step 0 to be a number from 0 on, got ${learningRate}`,
      );
    }
  });
});
