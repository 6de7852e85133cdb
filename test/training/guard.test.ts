import { describe, expect, it } from 'vitest';
import { layers, sequential } from '../../src/index.ts';
import * as optimizers from '../../src/optimizers/index.ts';
import { adam, Optimizer, sgd, StepGuard } from '../../src/optimizers/index.ts';
import { GradientNorms } from '../../src/optimizers/norms.ts';
import type { LossOption } from '../../src/losses/index.ts';
import type { Tensor } from '../../src/tensor.ts';
import { scope, tensor, Variable } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { allDevices, float32Devices, reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';

const SHAPES = [[3, 5], [4099]];

/** What goes wrong in a step: a loss, or one element of one gradient. */
type Fault = { loss: number } | { gradient: number; index: number; value: number };

const FAULTS: [string, Fault][] = [
  ['a NaN loss', { loss: NaN }],
  ['an infinite loss', { loss: Infinity }],
  ['a loss of minus infinity', { loss: -Infinity }],
  ['a NaN at the start', { gradient: 0, index: 0, value: NaN }],
  ['a NaN at the end, past the last whole vector', { gradient: 1, index: 4098, value: NaN }],
  ['a NaN in the middle', { gradient: 1, index: 2222, value: NaN }],
  ['an infinite gradient', { gradient: 0, index: 13, value: -Infinity }],
];

describe.each(allDevices)('a step guard on %s', (_, device) => {
  const setUp = async () => {
    const d = await device();
    const variables = SHAPES.map((shape, i) => {
      const { storage } = tensor(floats(shape, i).data, shape, 'float32', d);
      return new Variable(d, storage, shape, `w${i}`, true);
    });
    const read = () => Promise.all(variables.map((variable) => variable.data()));
    return { d, variables, read };
  };
  const gradientsOf = (step: number, fault?: Fault) =>
    SHAPES.map((shape, i) => {
      const { data } = floats(shape, 1000 + 10 * step + i);
      if (fault && 'gradient' in fault && fault.gradient === i) data[fault.index] = fault.value;
      return data;
    });

  it.each(FAULTS)('keeps the weights of the step before %s', async (_, fault) => {
    const { d, variables, read } = await setUp();
    const guard = new StepGuard(d);
    const optimizer = adam({ learningRate: 0.01 });
    const take = (step: number, now?: Fault) =>
      scope(() => {
        const gradients = gradientsOf(step, now).map((data, i) =>
          tensor(data, SHAPES[i], 'float32', d),
        );
        const loss = tensor([now && 'loss' in now ? now.loss : 1], [1], 'float32', d);
        guard.check(loss, gradients, step);
        optimizer.apply(gradients, variables, guard);
      });
    for (let step = 0; step < 20; step++) take(step);
    expect(await guard.read()).toEqual({ failed: false, step: 0 });
    const good = [await read(), await Promise.all(optimizer.variables.map((slot) => slot.data()))];

    // The host looks 30 steps later; a second fault does not hide the first.
    take(20, fault);
    for (let step = 21; step < 50; step++) take(step, step === 30 ? { loss: NaN } : undefined);
    expect(await guard.read()).toEqual({ failed: true, step: 20 });
    const kept = [await read(), await Promise.all(optimizer.variables.map((slot) => slot.data()))];
    expect(kept).toEqual(good);

    // From there, training goes on as if nothing had been.
    guard.reset();
    optimizer.iterations = 20;
    take(20);
    expect(await guard.read()).toEqual({ failed: false, step: 0 });
    const untouched = adam({ learningRate: 0.01 });
    const other = await setUp();
    for (let step = 0; step < 21; step++)
      scope(() => {
        const now = gradientsOf(step).map((data, i) => tensor(data, SHAPES[i], 'float32', d));
        untouched.apply(now, other.variables);
      });
    expect(await read()).toEqual(await other.read());
  });

  it('notices a norm that is too large for the device', async () => {
    const { d } = await setUp();
    const guard = new StepGuard(d);
    const large = d === reference ? 1e200 : 1e30;
    const loss = tensor([1], [1], 'float32', d);
    guard.check(loss, [tensor([large, 1], [2], 'float32', d)], 7);
    expect(await guard.read()).toEqual({ failed: true, step: 7 });
  });

  it('does not look behind the end of a gradient', async () => {
    const d = await device();
    // A buffer that was full of NaN before.
    tensor(new Float32Array(4).fill(NaN), [4], 'float32', d).dispose();
    const one = tensor([3], [1], 'float32', d);
    const guard = new StepGuard(d);
    guard.check(tensor([0], [], 'float32', d), [one], 3);
    expect(await guard.read()).toEqual({ failed: false, step: 0 });
    expect((await normsOf(guard.norms, [one]))[0]).toBe(3);
  });

  const normsOf = async (norms: GradientNorms, gradients: Tensor[]) => {
    norms.measure(gradients);
    const storage = norms.take(gradients)!;
    return (await gradients[0].device.read(storage)).slice(0, 1 + gradients.length);
  };

  it('measures norms of many gradients, and of fewer afterwards', async () => {
    const d = await device();
    const sizes = [1, 2, 3, 4, 5, 63, 64, 65, 255, 257, 4095, 4097, 9000, 300000];
    // More gradients than a workgroup has threads.
    for (let i = 0; i < 70; i++) sizes.push(7 + i);
    const hosts = sizes.map((size, i) => floats([size], 7 * i));
    const squares = hosts.map(({ data }) => Array.from(data).reduce((sum, x) => sum + x * x, 0));
    const tensors = hosts.map(({ data, shape }) => tensor(data, shape, 'float32', d));
    const norms = new GradientNorms(d);
    for (const count of [sizes.length, 13, 1, 20]) {
      const found = await normsOf(norms, tensors.slice(0, count));
      const all = squares.slice(0, count).reduce((sum: number, x) => sum + x, 0);
      const expected = [all, ...squares.slice(0, count)].map(Math.sqrt);
      for (let i = 0; i <= count; i++)
        expectClose([found[i]], [expected[i]], `norm ${i} of ${count}`);
    }
    const before = d.stats().storages;
    norms.dispose();
    expect(d.stats().storages).toBe(before - 2);
  });

  it('gives measured norms out once, and for the same gradients only', async () => {
    const { d } = await setUp();
    const norms = new GradientNorms(d);
    const [a, b] = gradientsOf(0).map((data, i) => tensor(data, SHAPES[i], 'float32', d));
    norms.measure([a, b]);
    expect(norms.take([b, a])).toBe(null);
    expect(norms.take([a, b])).toBe(null);
    norms.measure([a, b]);
    expect(norms.take([a, b])).not.toBe(null);
    expect(norms.take([a, b])).toBe(null);
  });

  it('clips alike with and without a guard', async () => {
    for (const options of [{ clipNorm: 2 }, { globalClipNorm: 2 }]) {
      const [guarded, plain] = [await setUp(), await setUp()];
      const guard = new StepGuard(guarded.d);
      for (const { d, variables } of [guarded, plain]) {
        const now = gradientsOf(0).map((data, i) => tensor(data, SHAPES[i], 'float32', d));
        if (d === guarded.d && variables === guarded.variables) {
          guard.check(tensor([1], [1], 'float32', d), [now[0], null, now[1]], 0);
          sgd(options).apply(now, variables, guard);
        } else sgd(options).apply(now, variables);
      }
      expect(await guarded.read()).toEqual(await plain.read());
    }
  });

  it('refuses a loss that is not one number, and bad steps', async () => {
    const d = await device();
    const guard = new StepGuard(d);
    const gradient = tensor([1, 2], [2], 'float32', d);
    const one = tensor([1], [1], 'float32', d);
    expect(() => guard.check(gradient, [gradient], 0)).toThrow(
      'StepGuard.check: expected a loss of one float32 number, got float32[2]; take its mean',
    );
    expect(() => guard.check(tensor(Int32Array.of(1), [1], 'int32', d), [gradient], 0)).toThrow(
      /got int32\[1\]/,
    );
    expect(() => guard.check(one, [gradient], -1)).toThrow(/whole number in \[0, 2\^31\), got -1/);
    const { storages } = d.stats();
    guard.dispose();
    expect(d.stats().storages).toBe(storages - 1);
  });
});

/** An optimizer of one's own that does not know how far it reaches, and goes astray at the third step. */
class Astray extends Optimizer {
  constructor() {
    super('sgd', {}, 0.01);
  }
  protected override slotsOf() {
    return [];
  }
  protected override paramsOf(learningRate: number) {
    return { learningRate: this.iterations < 2 ? learningRate : NaN, momentum: 0, nesterov: 0 };
  }
}

describe.each(float32Devices)('an update that is not finite, on %s', (_, open) => {
  const { adagrad, adamw, rmsprop } = optimizers;
  const CASES: [string, () => Optimizer, fails: number][] = [
    ['a learning rate near the largest number', () => sgd({ learningRate: 3e38 }), 0],
    ['momentum that adds up', () => sgd({ learningRate: 1e19, momentum: 1 }), 0],
    ['no epsilon, and gradients of zero', () => adam({ epsilon: 0 }), 0],
    ['no epsilon, and squares of zero', () => rmsprop({ epsilon: 0 }), 0],
    ['nothing below the root', () => adagrad({ epsilon: 0, initialAccumulatorValue: 0 }), 0],
    ['decay of more than there is', () => adamw({ weightDecay: 1e30, learningRate: 1 }), 0],
    ["an optimizer of one's own", () => new Astray(), 2],
  ];

  it.each(CASES)('changes no weight and no slot: %s', async (_, make, fails) => {
    const device = await open();
    const start = floats([2, 3], 1).data.map((w) => w + 2);
    const { storage } = tensor(start, [2, 3], 'float32', device);
    const weight = new Variable(device, storage, [2, 3], 'w', true);
    const guard = new StepGuard(device);
    const optimizer = make();
    const all = async (): Promise<number[][]> =>
      Promise.all([weight, ...optimizer.variables].map(async (x) => Array.from(await x.data())));
    // One gradient is zero.
    const take = (step: number): void =>
      scope(() => {
        const gradient = tensor([1, -2, 0, 3, -4, 5], [2, 3], 'float32', device);
        guard.check(tensor([1], [1], 'float32', device), [gradient], step);
        optimizer.apply([gradient], [weight], guard);
      });
    optimizer.build([weight]);
    for (let step = 0; step < fails; step++) take(step);
    const before = await all();
    const { storages } = device.stats();
    for (let step = fails; step < fails + 3; step++) take(step);
    expect(optimizer.isRehearsed).toBe(true);
    expect(await guard.read()).toEqual({ failed: true, step: fails });
    expect(await all()).toEqual(before);
    expect(before.flat().every(Number.isFinite)).toBe(true);
    guard.dispose();
    expect(device.stats().storages).toBeLessThanOrEqual(storages);
  });

  it('is what fit says, whose model then goes on', async () => {
    const device = await open();
    const model = sequential([layers.input({ shape: [2] }), layers.dense(1)], { device, seed: 1 });
    model.compile({ optimizer: adam({ epsilon: 0 }), loss: 'meanSquaredError' });
    const silent = { verbose: 0, batchSize: 1, shuffle: false } as const;
    // An input that is always zero has a gradient of zero.
    const x = [[1, 0], [2, 0]]; // prettier-ignore
    const before = await model.getWeights();
    await expect(model.fit(x, [1, 2], silent)).rejects.toThrow(
      /^fit: the loss, a gradient or a weight after it was not finite in step 1 .*The weights are those before that step/,
    );
    expect(await model.getWeights()).toEqual(before);
    expect(model.optimizer.iterations).toBe(0);
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    await model.fit(x, [1, 2], silent);
    expect(model.optimizer.isRehearsed).toBe(false);
  });
});

describe('an update that is known to be finite', () => {
  const { schedules: _, Optimizer: __, StepGuard: ___, getOptimizer, ...factories } = optimizers;

  it.each(Object.keys(factories))('costs nothing more: %s', (name) => {
    const device = reference;
    const optimizer = getOptimizer(name as 'adam');
    const { storage } = tensor([1, 2], [2], 'float32', device);
    const weight = new Variable(device, storage, [2], 'w', true);
    const gradient = tensor([1, 2], [2], 'float32', device);
    const guard = new StepGuard(device);
    optimizer.build([weight]);
    for (const step of [0, 1, 1e6]) {
      optimizer.iterations = step;
      guard.check(tensor([1], [1], 'float32', device), [gradient], step);
      const { dispatches, copies } = device.stats();
      optimizer.apply([gradient], [weight], guard);
      expect(device.stats()).toMatchObject({ dispatches: dispatches + 1, copies });
      expect(optimizer.isRehearsed).toBe(false);
    }
  });

  it('stays so with the largest gradients that a guard lets pass, whatever they were before', async () => {
    const device = (await float32Devices[0][1]()) ?? reference;
    const large = 1.8e19;
    for (const name of Object.keys(factories)) {
      const optimizer = getOptimizer({ name, learningRate: 1 });
      const { storage } = tensor([3e38, -3e38, 1, 0], [4], 'float32', device);
      const weight = new Variable(device, storage, [4], 'w', true);
      for (let step = 0; step < 40; step++)
        scope(() => {
          const size = step % 4 === 3 ? 0 : step % 4 === 2 ? 1e-25 : large;
          const signs = [1, -1, (-1) ** step, 1];
          const gradient = tensor(signs.map((s) => (s * size) / 2), [4], 'float32', device); // prettier-ignore
          const guard = new StepGuard(device);
          guard.check(tensor([1], [1], 'float32', device), [gradient], step);
          optimizer.apply([gradient], [weight], guard);
          guard.dispose();
        });
      expect(optimizer.isRehearsed, name).toBe(false);
      expect(Array.from(await weight.data()).every(Number.isFinite), name).toBe(true);
    }
  });
});

describe.each(allDevices)('training on %s', (_, open) => {
  it.each<[LossOption, string, number[][]]>([
    ['poisson', 'of a negative prediction', [[-1]]],
    ['meanSquaredLogarithmicError', 'of no number', [[NaN]]],
  ])('stops at the loss %s %s, with the weights of before', async (loss, __, kernel) => {
    const model = sequential([layers.input({ shape: [1] }), layers.dense(1, { useBias: false })], {
      device: await open(),
      seed: 1,
    });
    model.compile({ optimizer: 'sgd', loss });
    model.setWeights([kernel]);
    await expect(model.fit([[1], [2]], [[1], [2]], { verbose: 0, epochs: 2 })).rejects.toThrow(
      /^fit: the loss or a gradient was not finite in step \d/,
    );
    expect(Array.from(await model.weights[0].data())).toEqual(kernel[0]);
    model.dispose();
  });
});
