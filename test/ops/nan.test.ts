/** A NaN must come through on the GPU as it does in the twin: hidden, a training that went wrong would go on. */
import { describe, expect, it } from 'vitest';
import { backward } from '../../src/backward.ts';
import * as layers from '../../src/layers/index.ts';
import { sequential } from '../../src/model/create.ts';
import { computeLoss, sparseCategoricalCrossentropy } from '../../src/losses/index.ts';

import * as ops from '../../src/ops/index.ts';
import { scope, tensor, Variable } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { allDevices, gpu, reference } from '../support/devices.ts';

const ROWS = Float32Array.of(NaN, 1, 2, -1, 0.5, NaN, NaN, NaN, 3, 1, 2, 0);
const CASES: [string, (x: Tensor) => Tensor][] = [
  ['softmax', (x) => ops.softmax(x)],
  ['logSoftmax', (x) => ops.logSoftmax(x)],
  ['logSumExp', (x) => ops.logSumExp(x, { axis: -1 })],
  ['max', (x) => ops.max(x, { axis: -1 })],
  ['max over columns', (x) => ops.max(x, { axis: 0 })],
  ['min', (x) => ops.min(x, { axis: -1 })],
  ['maximum', (x) => ops.maximum(x, 0)],
  ['minimum', (x) => ops.minimum(0, x)],
  ['exp', (x) => ops.exp(x)],
  ['notEqual', (x) => ops.notEqual(x, 0.5)],
  ['equal', (x) => ops.equal(x, 0.5)],
  ['relu', (x) => ops.relu(x)],
  ['sum', (x) => ops.sum(x, { axis: -1 })],
];

describe.each(allDevices)('NaN on %s', (_, device) => {
  it.each(CASES)('comes through %s where it does in JavaScript', async (_, op) => {
    const [d, expected] = [await device(), op(tensor(ROWS, [3, 4], 'float32', reference))];
    const actual = await op(tensor(ROWS, [3, 4], 'float32', d)).data();
    const where = (values: ArrayLike<number>) => Array.from(values, (v) => Number.isNaN(v));
    expect(where(actual)).toEqual(where(await expected.data()));
  });

  it('fails a step though a softmax and clipped probabilities follow it', async () => {
    const d = await device();
    const model = sequential(
      [layers.input({ shape: [2] }), layers.dense(3, { activation: 'softmax' })],
      {
        device: d,
        seed: 1,
      },
    );
    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
    model.setWeights([
      [
        [NaN, 1, 2],
        [3, 4, 5],
      ],
      [0, 0, 0],
    ]);
    await expect(model.fit([[1, 1]], [[1, 0, 0]], { epochs: 2, verbose: 0 })).rejects.toThrow(
      /not finite/,
    );
    model.dispose();
  });

  it('in a masked row gives no gradient at all', async () => {
    const d = await device();
    const gradient = scope(() => {
      const host = tensor(Float32Array.of(NaN, 1, 2, 0.5, 0.2, 0.1), [1, 2, 3], 'float32', d);
      const logits = new Variable(d, host.storage, [1, 2, 3], 'logits', true);
      const labels = tensor(Int32Array.of(0, 1), [1, 2], 'int32', d);
      const mask = tensor(Int32Array.of(0, 1), [1, 2], 'int32', d);
      const { loss } = computeLoss(
        sparseCategoricalCrossentropy({ fromLogits: true }),
        labels,
        logits,
        { mask },
      );
      return backward(loss).get(logits)!;
    });
    const values = Array.from(await gradient.data());
    expect(values.slice(0, 3)).toEqual([0, 0, 0]);
    expect(values.slice(3).every((v) => Number.isFinite(v) && v !== 0)).toBe(true);
    gradient.dispose();
  });
});

describe('the dispatches of a training step', () => {
  it.each([
    ['embedding without a mask, LSTM 128', 32, [50, 200], false, 128],
    ['GRU 16 with every step', 8, [3, 16, 50], true, 16],
  ] as const)('do not depend on T: %s', async (_, B, lengths, sequences, units) => {
    const device = await gpu();
    const model = sequential(
      [
        layers.input({ shape: [null], dtype: 'int32' }),
        layers.embedding(64, 8),
        layers.lstm(units, { returnSequences: sequences }),
        layers.dense(1),
      ],
      { device, seed: 1 },
    );
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const counts = [];
    for (const T of lengths) {
      const x = Array.from({ length: B }, (_, b) =>
        Int32Array.from({ length: T }, (_, t) => (b + t) % 64),
      );
      const y = {
        data: new Float32Array(sequences ? B * T : B),
        shape: sequences ? [B, T, 1] : [B, 1],
      };
      await model.trainOnBatch(x, y);
      const before = device.stats();
      await model.trainOnBatch(x, y);
      const after = device.stats();
      counts.push(after.dispatches - before.dispatches);
    }
    expect(new Set(counts).size, counts.join()).toBe(1);
    model.dispose();
  });
});
