/** A training loop of one's own: `model.call`, `variable`, `backward` and `optimizer.apply`. */
import { describe, expect, it } from 'vitest';
import { noGrad } from '../../src/autograd.ts';
import { backward } from '../../src/backward.ts';
import * as layers from '../../src/layers/index.ts';
import { binaryCrossentropy, computeLoss } from '../../src/losses/index.ts';
import { model, sequential } from '../../src/model/create.ts';
import { mean, mul, neg, softplus, square, sum } from '../../src/ops/index.ts';
import { adam, sgd } from '../../src/optimizers/index.ts';
import { fill, scope, tensor } from '../../src/tensor.ts';
import { variable } from '../../src/variable.ts';
import type { Tensor } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { allDevices, float32Devices, reference } from '../support/devices.ts';
import { settled } from '../support/garbage.ts';
import { floats } from '../support/random.ts';
import { classifier, task, weightsOf } from './support.ts';

describe.each(float32Devices)('a loop of one’s own on %s', (_, open) => {
  it('gives what trainOnBatch gives, to the bit', async () => {
    const device = await open();
    const [theirs, own] = [
      classifier(device, { dropout: 0.3 }),
      classifier(device, { dropout: 0.3 }),
    ];
    const { x, y } = task(16);
    const optimizer = adam({ learningRate: 0.01 });
    const targets = tensor(y, [16, 1], 'float32', device);
    const losses: number[][] = [[], []];
    for (let step = 0; step < 6; step++) {
      losses[0].push((await theirs.trainOnBatch(x, y)).loss);
      const loss = scope(() => {
        const predicted = own.call(x, { training: true });
        const { loss } = computeLoss(binaryCrossentropy(), targets, predicted);
        optimizer.apply(backward(loss), own.trainableWeights);
        return loss;
      });
      losses[1].push((await loss.data())[0]);
      loss.dispose();
    }
    expect(losses[1]).toEqual(losses[0]);
    expect(await weightsOf(own)).toEqual(await weightsOf(theirs));
    // The next mask of dropout is that of the next step, or of the one that is asked for.
    const [a, b, c] = [{}, { step: 6 }, { step: 7 }].map((options) =>
      own.call(x, { training: true, ...options }),
    );
    expect(await a.data()).toEqual(await b.data());
    expect(await a.data()).not.toEqual(await c.data());
    expect(await own.call(x).data()).toEqual(await (await own.predict(x)).data());
  });

  it('trains two models against each other', async () => {
    const device = await open();
    const generator = sequential([layers.input({ shape: [2] }), layers.dense(2)], {
      device,
      seed: 1,
    });
    const critic = sequential(
      [layers.input({ shape: [2] }), layers.dense(16, { activation: 'tanh' }), layers.dense(1)],
      { device, seed: 2 },
    );
    const optimizers = [adam({ learningRate: 0.02 }), adam({ learningRate: 0.02 })];
    // The generator's outputs should come to lie where the real ones are.
    const real = floats([64, 2], 3, 0.5).data.map((value, i) => value + (i % 2 === 0 ? 2 : -1));
    const genuine = tensor(real, [64, 2], 'float32', device);
    const noise = tensor(floats([64, 2], 4).data, [64, 2], 'float32', device);
    const centre = async (): Promise<number[]> => {
      const means = scope(() => mean(generator.call(noise), { axis: 0 }));
      return Array.from(await means.data());
    };
    const distance = ([a, b]: number[]): number => Math.hypot(a - 2, b + 1);
    const before = distance(await centre());
    await settled();
    const memory: number[] = [];
    for (let round = 0; round < 150; round++) {
      const kept = await weightsOf(generator);
      scope(() => {
        const fake = noGrad(() => generator.call(noise));
        const loss = mean(softplus(critic.call(fake, { training: true })));
        const other = mean(softplus(neg(critic.call(genuine, { training: true }))));
        optimizers[0].apply(backward([loss, other]), critic.trainableWeights);
      });
      expect(await weightsOf(generator)).toEqual(kept);
      scope(() => {
        const judged = critic.call(generator.call(noise, { training: true }));
        optimizers[1].apply(backward(mean(softplus(neg(judged)))), generator.trainableWeights);
      });
      memory.push(device.stats().storages);
    }
    expect(distance(await centre())).toBeLessThan(before / 2);
    expect(memory.at(-1)).toBe(memory[1]);
  });
});

describe.each(allDevices)('a call on %s', (_, open) => {
  it('gives the gradient of inputs', async () => {
    const device = await open();
    const network = sequential(
      [layers.input({ shape: [null, 3] }), layers.lstm(4), layers.dense(2)],
      { device, seed: 3 },
    );
    const host = floats([2, 5, 3], 5);
    const lossAt = async (data: ArrayLike<number>): Promise<number> => {
      const x = tensor(Float64Array.from(data), host.shape, 'float32', device);
      const loss = scope(() => sum(square(network.call(x))));
      return (await loss.data())[0];
    };
    const x = variable(host.data, { shape: host.shape, device });
    const gradient = scope(() => backward(sum(square(network.call(x)))).get(x)!);
    expect(gradient.shape).toEqual([2, 5, 3]);
    const found = await gradient.data();
    if (device !== reference) {
      const twin = sequential(
        [layers.input({ shape: [null, 3] }), layers.lstm(4), layers.dense(2)],
        { device: reference, seed: 3 },
      );
      const other = variable(host.data, { shape: host.shape, device: reference });
      const expected = scope(() => backward(sum(square(twin.call(other)))).get(other)!);
      expectClose(found, await expected.data(), 'gradient of x');
      return;
    }
    for (const at of [0, 7, 14, 29]) {
      const moved = (by: number) => host.data.map((v, i) => v + (i === at ? by : 0));
      const shifted = (by: number) =>
        Float64Array.from(moved(0), (v, i) => (i === at ? v + by : v));
      const slope = ((await lossAt(shifted(1e-5))) - (await lossAt(shifted(-1e-5)))) / 2e-5;
      expect(Math.abs(found[at] - slope)).toBeLessThan(1e-6);
    }
  });

  it('takes a mask as another input of the model would be one', async () => {
    const device = await open();
    const x = floats([2, 4, 3], 1);
    const mask = [
      [1, 1, 0, 0],
      [1, 0, 1, 1],
    ];
    const gru = () => layers.gru(4, { name: 'gru' });
    const plain = sequential([layers.input({ shape: [null, 3] }), gru()], { device, seed: 1 });
    const start = layers.input({ shape: [null, 3] });
    const flags = layers.input({ shape: [null], dtype: 'int32' });
    const masked = model({
      inputs: [start, flags],
      outputs: gru().apply(start, { mask: flags }),
      device,
      seed: 1,
    });
    const second = { data: Int32Array.from(mask.flat()), shape: [2, 4] };
    const expected = await masked.predict([x, second], { as: 'array' });
    expect(await plain.call(x, { mask }).array()).toEqual(expected);
    const onDevice = tensor(mask, undefined, 'int32', device);
    expect(await plain.call(x, { mask: onDevice }).array()).toEqual(expected);
    const both = masked.call([x, second]);
    expect(await both.array()).toEqual(expected);
  });

  it('takes the states that layers begin with, by their names, and hands gradients to them', async () => {
    const device = await open();
    const x = floats([2, 4, 3], 1);
    const [h, c, g] = [2, 3, 4].map((seed) => floats([2, 4], seed));
    const cells = () => [
      layers.lstm(4, { name: 'first', returnSequences: true }),
      layers.gru(4, { name: 'second' }),
    ];
    const plain = sequential([layers.input({ shape: [null, 3] }), ...cells()], { device, seed: 1 });
    const [start, ...states] = [[null, 3], [4], [4], [4]].map((shape) => layers.input({ shape }));
    const [lstm, gru] = cells();
    const given = model({
      inputs: [start, ...states],
      outputs: gru.apply(lstm.apply(start, { initialState: states.slice(0, 2) }), {
        initialState: states[2],
      }),
      device,
      seed: 1,
    });
    given.setWeights(await plain.getWeights());
    const expected = await given.predict([x, h, c, g], { as: 'array' });
    const call = (first: any, second: any): Tensor =>
      plain.call(x, { initialState: { first, second } });
    expect(await call([h, c], [g]).array()).toEqual(expected);
    expect(await call({ c: c.data, h: h.data }, { h: g.data }).array()).toEqual(expected);
    const before = variable(g.data, { shape: [2, 4], device });
    const output = call([h, c], [before]);
    expect(await output.array()).toEqual(expected);
    expect(backward(sum(output)).get(before)!.shape).toEqual([2, 4]);
    // Nothing stays for the next call.
    const zeros = fill(device, [2, 4], 0);
    expect(await plain.call(x).array()).toEqual(await call([zeros, zeros], [zeros]).array());
    expect(() => call([h, c], [h, c])).toThrow(
      /^second: expected initial states h of shape \[2,4\]/,
    );
    expect(() => plain.call(x, { initialState: { third: [h] } })).toThrow(
      "sequential: expected initialState by the names of layers (first, second), got 'third'",
    );
  });

  it('builds a stack on its first data, and takes several inputs by name', async () => {
    const device = await open();
    const stack = sequential([layers.dense(2)], { device, seed: 1 });
    expect(stack.call([[1, 2, 3]]).shape).toEqual([1, 2]);
    expect(stack.weights[0].shape).toEqual([3, 2]);
    const [a, b] = ['a', 'b'].map((name) => layers.input({ shape: [2], name }));
    const two = model({
      inputs: [a, b],
      outputs: [layers.add().apply([a, b]), layers.multiply().apply([a, b])],
      device,
    });
    const [total, product] = two.call<Tensor[]>({ b: [[1, 2]], a: [[3, 4]] });
    expect([await total.array(), await product.array()]).toEqual([[[4, 6]], [[3, 8]]]);
  });

  it('refuses what does not fit, by name', async () => {
    const device = await open();
    const network = sequential([layers.input({ shape: [null, 3] }), layers.lstm(4)], { device });
    expect(() => network.call([[[1, 2]]])).toThrow(
      /expected shape \[batch,null,3\], got \[1,1,2\]/,
    );
    expect(() => network.call([[[1, 2, 3]]], { mask: [[1, 1]] })).toThrow(
      /input 'input_layer': expected a mask int32\[1,1\]/,
    );
    expect(() => network.call([[[1, 2, 3]]], { mask: 'abc' as never })).toThrow(
      /^sequential: expected a tensor, a number/,
    );
    const elsewhere = tensor([[[1, 2, 3]]], undefined, 'float32', reference);
    if (device !== reference)
      expect(() => network.call(elsewhere)).toThrow(/^sequential: expected tensors on one device/);
  });
});

describe('an optimizer', () => {
  it('takes variables of one’s own beside the weights, and what backward gives', async () => {
    const scale = variable(2, { name: 'scale', device: reference });
    const shift = variable([1, 2], { device: reference });
    const idle = variable([5], { device: reference });
    expect([scale.name, scale.shape, shift.name, shift.trainable]).toEqual([
      'scale',
      [],
      'variable',
      true,
    ]);
    const optimizer = sgd({ learningRate: 0.1 });
    const gradients = scope(() => backward(sum(mul(scale, square(shift)))));
    optimizer.apply(gradients, [scale, shift, idle]);
    expectClose([...(await scale.data()), ...(await shift.data())], [1.5, 0.6, 1.2], 'variables');
    expect(await idle.array()).toEqual([5]);
    const counts = variable(Int32Array.of(1, 2), { device: reference });
    expect([counts.dtype, counts.trainable]).toEqual(['int32', false]);
    const copy = variable(counts);
    counts.assign([3, 4]);
    expect(await copy.array()).toEqual([1, 2]);
    expect(() => variable([1, 2, 3], { shape: [2], device: reference })).toThrow(
      'variable: expected 2 values for shape [2], got 3',
    );
    expect(() => counts.assign([0.5, 1])).toThrow(
      'variable: an int32 tensor needs whole numbers, got 0.5 at index 0',
    );
  });
});
