/** BatchNormalization: GPU against twin, finite differences, moving statistics and what they do in a step that failed. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as layers from '../../src/layers/index.ts';
import { sequential } from '../../src/model/create.ts';
import { setDevice } from '../../src/tensor.ts';
import { checkLayer } from '../support/check-layer.ts';
import { expectClose } from '../support/check.ts';
import { allDevices, gpu, openAll, reference } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { ints, numbers, run, stack } from './support.ts';

beforeAll(() => setDevice(reference));
const { batchNormalization, input } = layers;
const EXACT = { absolute: 1e-12, relative: 1e-12 };

/** Gamma, beta, moving mean and a positive moving variance. */
function weightsFor(extent: number): Host[] {
  const [gamma, beta, mean, spread] = [2, 3, 4, 5].map((seed) => floats([extent], seed));
  return [gamma, beta, mean, { ...spread, data: spread.data.map((value) => value + 1.5) }];
}

describe('BatchNormalization', () => {
  it.each([
    [[7, 5], -1],
    [[3, 4, 5], -1],
    [[3, 5, 4], 1],
    [[2, 3, 4, 2], 2],
    [[130, 65], 1],
    [[3, 1], -1],
  ])('of an input %j, features on axis %i', async (shape, axis) => {
    const weights = weightsFor(shape.at(axis)!);
    const make = () => batchNormalization({ axis, momentum: 0.9, epsilon: 1e-2 });
    const x = floats(shape, 1);
    for (const training of [true, false]) {
      const found = await checkLayer({ make, x, weights, training });
      expect(Object.keys(found.gradients)).toEqual(['x', 'gamma', 'beta']);
      expect(Array.from(found.gradients.x).some((value) => value !== 0)).toBe(true);
    }
  });

  it.each([
    [[3, 4, 5], -1],
    [[3, 4, 5], 1],
    [[3, 4, 2, 2], 2],
  ])('of an input %j with a mask, features on axis %i', async (shape, axis) => {
    const mask = integers([3, 4], 9, 0, 2);
    const make = () => batchNormalization({ axis });
    await checkLayer({ make, x: floats(shape, 1), weights: weightsFor(shape.at(axis)!), mask });
  });

  it('goes without gamma or beta', async () => {
    const x = floats([6, 3], 1);
    const [gamma, beta, ...moving] = weightsFor(3);
    const bare = await checkLayer({
      make: () => batchNormalization({ center: false, scale: false }),
      x,
      weights: moving,
    });
    expect(Object.keys(bare.weights)).toEqual(['moving_mean', 'moving_variance']);
    const scaled = await checkLayer({
      make: () => batchNormalization({ center: false }),
      x,
      weights: [gamma, ...moving],
    });
    expectClose(
      scaled.y,
      Array.from(bare.y, (value, i) => value * gamma.data[i % 3]),
      'scaled',
      EXACT,
    );
    await checkLayer({
      make: () => batchNormalization({ scale: false }),
      x,
      weights: [beta, ...moving],
    });
  });

  it('computes what Keras computes', async () => {
    for (const device of await openAll()) {
      const network = stack(device, { shape: [1] }, [batchNormalization()]);
      expect(network.weights.map(({ name, trainable }) => [name, trainable])).toEqual([
        ['batch_normalization/gamma', true],
        ['batch_normalization/beta', true],
        ['batch_normalization/moving_mean', false],
        ['batch_normalization/moving_variance', false],
      ]);
      const read = async () => (await network.getWeights()).map(({ data }) => data[0]);
      expect(await read()).toEqual([1, 0, 0, 1]);
      const x = [numbers([2, 1], 1, 5)];
      const { outputs } = await run(network, device, x, { training: true });
      // Mean 3, variance 4; the moving ones keep 99 %.
      const y = 2 / Math.sqrt(4 + 1e-3);
      expectClose((outputs[0] as number[][]).flat(), [-y, y], 'training');
      expectClose(await read(), [1, 0, 0.03, 1.03], 'moving');
      const after = await run(network, device, x);
      const plain = [1, 5].map((value) => (value - 0.03) / Math.sqrt(1.03 + 1e-3));
      expectClose((after.outputs[0] as number[][]).flat(), plain, 'inference');
      expectClose(await read(), [1, 0, 0.03, 1.03], 'moving, after inference');
    }
  });

  it('counts the steps that the mask leaves in, and passes the mask on', async () => {
    const network = stack(reference, { shape: [3, 2] }, [batchNormalization({ momentum: 0 })]);
    const x = numbers([2, 3, 2], 1, 10, 99, 99, 3, 20, 5, 60, 99, 99, 99, 99);
    const mask = ints([2, 3], 1, 0, 1, 1, 0, 0);
    const { masks } = await run(network, reference, [x], { training: true, masks: [mask] });
    expect(masks).toEqual([
      [
        [1, 0, 1],
        [1, 0, 0],
      ],
    ]);
    const [, , mean, variance] = await network.getWeights();
    expectClose(mean.data, [3, 30], 'mean', EXACT);
    expectClose(variance.data, [8 / 3, (400 + 100 + 900) / 3], 'variance', EXACT);

    const nothing = { training: true, masks: [ints([2, 3], 0, 0, 0, 0, 0, 0)] };
    const { outputs } = await run(network, reference, [x], nothing);
    expect((outputs[0] as number[][][]).flat(2).every(Number.isFinite)).toBe(true);
  });

  it('uses the moving statistics, and keeps them, where it is not trainable', async () => {
    const layer = batchNormalization({ trainable: false });
    const network = stack(reference, { shape: [1] }, [layer]);
    const { outputs } = await run(network, reference, [numbers([2, 1], 1, 5)], { training: true });
    const scale = 1 / Math.sqrt(1 + 1e-3);
    expectClose((outputs[0] as number[][]).flat(), [scale, 5 * scale], 'output', EXACT);
    expect((await network.getWeights()).map(({ data }) => data[0])).toEqual([1, 0, 0, 1]);
    layer.trainable = true;
    expect(network.nonTrainableWeights.map(({ name }) => name)).toEqual([
      'batch_normalization/moving_mean',
      'batch_normalization/moving_variance',
    ]);
  });

  it('says what is wrong', () => {
    expect(() => batchNormalization({ momentum: 1.5 })).toThrow(
      'batch_normalization: expected momentum to be a number from 0 to 1, got 1.5',
    );
    expect(() => batchNormalization({ eps: 1e-5 } as never)).toThrow(
      /^batch_normalization: expected options of name, trainable, axis, .*, got 'eps'/,
    );
    const build = (axis: number, shape: (number | null)[]) => () =>
      stack(reference, { shape }, [batchNormalization({ axis })]);
    expect(build(0, [2])).toThrow(
      'batch_normalization: expected axes from 1 to 1 for an input of rank 2, got [0]; the batch is axis 0',
    );
    expect(build(1, [null, 3])).toThrow(
      'batch_normalization: expected known extents on axes [1], got [null,null,3]; give them in input({shape})',
    );
    const layer = batchNormalization();
    stack(reference, { shape: [3] }, [layer]);
    expect(() => layer.apply(input({ shape: [4] }))).toThrow(
      'batch_normalization: expected 3 on the last axis, as it was built for, got float32[null,4]',
    );
  });
});

describe('BatchNormalization in fit', () => {
  const rows = (seed: number, count: number) =>
    Array.from({ length: count }, (_, i) => floats([3], 50 * seed + i).data);
  const labels = (count: number) => Array.from({ length: count }, (_, i) => [i % 2]);

  it.each(allDevices)(
    'follows the batches, and stays in a step that failed: %s',
    async (_, open) => {
      const device = await open();
      const layer = batchNormalization({ momentum: 0.5 });
      const model = sequential([layers.input({ shape: [3] }), layer, layers.dense(1)], {
        device,
        seed: 3,
      });
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      const options = { batchSize: 4, shuffle: false, verbose: 0 } as const;
      const [x, y] = [rows(1, 8), labels(8)];
      await model.fit(x, y, { ...options, epochs: 2 });
      const values = async () => (await model.getWeights()).map(({ data }) => Array.from(data));

      // Two batches, twice.
      const means = [x.slice(0, 4), x.slice(4)].map((batch) =>
        [0, 1, 2].map((c) => batch.reduce((sum, row) => sum + row[c], 0) / 4),
      );
      const follow = (start: number[]) =>
        means.reduce((moving, batch) => moving.map((m, c) => (m + batch[c]) / 2), start);
      const good = await values();
      expectClose(good[2], follow(follow([0, 0, 0])), 'moving mean');

      // The first batch of three is good, the second has a NaN; the third must change nothing either.
      const again = [...rows(2, 12)];
      again[5] = Float32Array.of(0, NaN, 0);
      const first = sequential(
        [layers.input({ shape: [3] }), batchNormalization({ momentum: 0.5 }), layers.dense(1)],
        { device },
      );
      first.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      first.setWeights(await model.getWeights());
      await first.fit(again.slice(0, 4), labels(4), options);
      const wanted = (await first.getWeights()).map(({ data }) => Array.from(data));
      const training = model.fit(again, labels(12), { ...options, readEvery: 50 });
      await expect(training).rejects.toThrow(/not finite in step 6 /);
      expect(await values()).toEqual(wanted);
      expect(wanted[2]).not.toEqual(good[2]);
    },
  );

  it('takes one submit a step', async () => {
    const device = await gpu();
    const model = sequential(
      [
        layers.input({ shape: [12] }),
        layers.reshape([6, 2]),
        layers.conv1D(3, 2),
        batchNormalization(),
        layers.gru(4),
        layers.dense(1),
      ],
      { device },
    );
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const fit = (steps: number) =>
      model.fit(
        Array.from({ length: 4 * steps }, (_, i) => floats([12], i).data),
        labels(4 * steps),
        { batchSize: 4, verbose: 0, readEvery: 100 },
      );
    const submits = async (steps: number) => {
      const before = device.stats().submits;
      await fit(steps);
      return device.stats().submits - before;
    };
    await fit(2);
    expect((await submits(9)) - (await submits(4))).toBe(5);
    const { bytes } = device.stats();
    await fit(5);
    // Tensors that tests before this one forgot may be collected meanwhile.
    expect(device.stats().bytes).toBeLessThanOrEqual(bytes);
  });
});
