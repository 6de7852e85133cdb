import { describe, expect, it } from 'vitest';
import * as losses from '../../src/losses/index.ts';
import type { LossFunction, Weighting } from '../../src/losses/index.ts';
import { tensor } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { checkOp, expectClose } from '../support/check.ts';
import { openAll, reference } from '../support/devices.ts';
import { floats, generator, integers } from '../support/random.ts';
import type { Host } from '../support/random.ts';

const { computeLoss, getLoss, reduceLoss } = losses;

function between(shape: number[], seed: number, low: number, high: number): Host {
  const next = generator(seed);
  const size = shape.reduce((product, extent) => product * extent, 1);
  return { shape, data: Float32Array.from({ length: size }, () => low + (high - low) * next()) };
}
const host = (values: number[], shape: number[] = [values.length]): Host => ({
  shape,
  data: Float32Array.from(values),
});
const ints = (values: number[], shape: number[] = [values.length]): Host => ({
  shape,
  data: Int32Array.from(values),
});
const on = ({ device }: Tensor, { data, shape }: Host): Tensor =>
  tensor(data, shape, undefined, device);
const here = ({ data, shape }: Host): Tensor => tensor(data, shape, undefined, reference);

/** Predictions, targets and what Keras' documentation says comes out. */
const square = [0, 1, 0, 0];
const soft = [0.6, 0.4, 0.4, 0.6];
const CATEGORICAL = [0.05, 0.95, 0, 0.1, 0.8, 0.1];
const DOCUMENTED: [LossFunction, Host, Host, number, number[]?, number?][] = [
  [losses.binaryCrossentropy(), host(soft, [2, 2]), host(square, [2, 2]), 0.815, [0.8, 0.2], 0.438],
  [
    losses.binaryCrossentropy({ fromLogits: true }),
    host([-18.6, 0.51, 2.94, -12.8]),
    host([0, 1, 0, 0]),
    0.865,
  ],
  [
    losses.categoricalCrossentropy(),
    host(CATEGORICAL, [2, 3]),
    host([0, 1, 0, 0, 0, 1], [2, 3]),
    1.177,
    [0.3, 0.7],
    0.814,
  ],
  [
    losses.sparseCategoricalCrossentropy(),
    host(CATEGORICAL, [2, 3]),
    ints([1, 2]),
    1.177,
    [0.3, 0.7],
    0.814,
  ],
  [
    losses.meanSquaredError(),
    host([1, 1, 1, 0], [2, 2]),
    host(square, [2, 2]),
    0.5,
    [0.7, 0.3],
    0.25,
  ],
  [
    losses.meanAbsoluteError(),
    host([1, 1, 1, 0], [2, 2]),
    host(square, [2, 2]),
    0.5,
    [0.7, 0.3],
    0.25,
  ],
  [
    losses.meanAbsolutePercentageError(),
    host([1, 1, 1, 0], [2, 2]),
    host([2, 1, 2, 3], [2, 2]),
    50,
    [0.7, 0.3],
    20,
  ],
  [
    losses.meanSquaredLogarithmicError(),
    host([1, 1, 1, 0], [2, 2]),
    host(square, [2, 2]),
    0.24,
    [0.7, 0.3],
    0.12,
  ],
  [losses.huber(), host(soft, [2, 2]), host(square, [2, 2]), 0.155, [1, 0], 0.09],
  [losses.logCosh(), host([1, 1, 0, 0], [2, 2]), host(square, [2, 2]), 0.108, [0.8, 0.2], 0.087],
  [losses.klDivergence(), host(soft, [2, 2]), host(square, [2, 2]), 0.458, [0.8, 0.2], 0.366],
  [losses.poisson(), host([1, 1, 0, 0], [2, 2]), host(square, [2, 2]), 0.5, [0.8, 0.2], 0.4],
  [losses.hinge(), host(soft, [2, 2]), host(square, [2, 2]), 1.3, [1, 0], 0.55],
  [losses.squaredHinge(), host(soft, [2, 2]), host(square, [2, 2]), 1.86, [1, 0], 0.73],
  [losses.categoricalHinge(), host(soft, [2, 2]), host(square, [2, 2]), 1.4, [1, 0], 0.6],
  [
    losses.cosineSimilarity(),
    host([1, 0, 1, 1], [2, 2]),
    host([0, 1, 1, 1], [2, 2]),
    -0.5,
    [0.8, 0.2],
    -0.1,
  ],
];

describe('losses give the numbers of the documentation of Keras', () => {
  it.each(DOCUMENTED.map((row) => [row[0].name, ...row] as const))(
    '%s',
    async (_, loss, yPred, yTrue, plain, weights, weighted) => {
      for (const device of await openAll()) {
        const place = ({ data, shape }: Host) => tensor(data, shape, undefined, device);
        const value = async (weighting: Weighting) =>
          (await computeLoss(loss, place(yTrue), place(yPred), weighting).loss.data())[0];
        // Three digits are printed there.
        expect(Math.abs((await value({})) - plain)).toBeLessThan(6e-4 + 1e-6);
        if (!weights || weighted === undefined) continue;
        const found = await value({ sampleWeight: place(host(weights)) });
        expect(Math.abs(found - weighted)).toBeLessThan(6e-4 + 1e-6);
      }
    },
  );
});

const LIKE_PREDICTIONS: [string, LossFunction, (shape: number[]) => Host, boolean?][] = [
  ['binaryCrossentropy', losses.binaryCrossentropy(), (s) => between(s, 1, 0.05, 0.95)],
  [
    'binaryCrossentropy smoothed from logits',
    losses.binaryCrossentropy({ fromLogits: true, labelSmoothing: 0.1 }),
    (s) => floats(s, 1, 3),
  ],
  ['categoricalCrossentropy', losses.categoricalCrossentropy(), (s) => between(s, 1, 0.05, 1)],
  [
    'categoricalCrossentropy smoothed from logits',
    losses.categoricalCrossentropy({ fromLogits: true, labelSmoothing: 0.2 }),
    (s) => floats(s, 1, 3),
  ],
  ['meanSquaredError', losses.meanSquaredError(), (s) => floats(s, 1)],
  ['meanAbsoluteError', losses.meanAbsoluteError(), (s) => floats(s, 1)],
  ['meanAbsolutePercentageError', losses.meanAbsolutePercentageError(), (s) => floats(s, 1)],
  ['meanSquaredLogarithmicError', losses.meanSquaredLogarithmicError(), (s) => between(s, 1, 0, 2)],
  ['huber', losses.huber({ delta: 0.5 }), (s) => floats(s, 1)],
  ['logCosh', losses.logCosh(), (s) => floats(s, 1, 20)],
  ['klDivergence', losses.klDivergence(), (s) => between(s, 1, 0.05, 0.95)],
  ['poisson', losses.poisson(), (s) => between(s, 1, 0.1, 2)],
  ['hinge', losses.hinge(), (s) => floats(s, 1)],
  ['squaredHinge', losses.squaredHinge(), (s) => floats(s, 1)],
  ['categoricalHinge', losses.categoricalHinge(), (s) => floats(s, 1)],
  ['cosineSimilarity', losses.cosineSimilarity(), (s) => floats(s, 1)],
];

describe('losses and their gradients', () => {
  it.each(LIKE_PREDICTIONS)('%s', async (_, loss, predictions) => {
    for (const shape of [
      [4, 3],
      [33, 1],
      [3, 5, 7],
    ]) {
      const { outputs } = await checkOp(
        ([yPred]) => loss.call(on(yPred, between(shape, 3, 0.01, 1)), yPred),
        [predictions(shape)],
      );
      expect(outputs[0].shape).toEqual(shape.slice(0, -1));
    }
  });

  it('hinge takes labels of 0 and 1, and of -1 and 1', async () => {
    const yPred = floats([6, 2], 1);
    const zeros = integers([6, 2], 2, 0, 2);
    const signs = ints(
      Array.from(zeros.data, (label) => 2 * label - 1),
      [6, 2],
    );
    const values = await Promise.all(
      [zeros, signs].map(async (labels) =>
        (await losses.hinge().call(here(labels), here(yPred)).data()).slice(),
      ),
    );
    expect(values[0]).toEqual(values[1]);
  });

  it.each([true, false])('sparseCategoricalCrossentropy, from logits %s', async (fromLogits) => {
    const predictions = (shape: number[]) =>
      fromLogits ? floats(shape, 1, 3) : between(shape, 1, 0.05, 1);
    for (const [shape, labels] of [
      [[5, 4], [5]],
      [
        [5, 4],
        [5, 1],
      ],
      [
        [3, 6, 4],
        [3, 6],
      ],
      [
        [3, 6, 4],
        [3, 6, 1],
      ],
    ]) {
      const loss = losses.sparseCategoricalCrossentropy({ fromLogits });
      const { outputs } = await checkOp(
        ([yPred]) => loss.call(on(yPred, integers(labels, 2, 0, 4)), yPred),
        [predictions(shape)],
      );
      expect(outputs[0].shape).toEqual(shape.slice(0, -1));
    }
  });

  it('smooths labels as it does probabilities', async () => {
    for (const fromLogits of [false, true]) {
      const options = { fromLogits, labelSmoothing: 0.2 };
      const oneHot = host([0, 1, 0, 0, 0, 1], [2, 3]);
      const { outputs } = await checkOp(
        ([x]) => [
          losses.sparseCategoricalCrossentropy(options).call(on(x, ints([1, 2])), x),
          losses.categoricalCrossentropy(options).call(on(x, oneHot), x),
        ],
        [between([2, 3], 4, 0.1, 0.9)],
      );
      expectClose(outputs[0].data, outputs[1].data, 'loss');
    }
  });

  it('takes labels that came as float32', async () => {
    const loss = losses.sparseCategoricalCrossentropy({ fromLogits: true });
    const yPred = here(floats([3, 4], 1));
    const a = await loss.call(here(host([2, 0, 3])), yPred).data();
    const b = await loss.call(here(ints([2, 0, 3])), yPred).data();
    expect(a).toEqual(b);
  });

  it('brings targets to the shape of the predictions as Keras does', async () => {
    const loss = losses.meanSquaredError();
    const one = [1, 2, 4];
    for (const [wanted, found] of [
      [[3], [3, 1]],
      [[3, 1], [3]],
      [[3], [3]],
      [
        [3, 1],
        [3, 1],
      ],
    ]) {
      const values = loss.call(here(host([0, 0, 1], wanted)), here(host(one, found)));
      expect(values.shape).toEqual([3]);
      expect(Array.from(await values.data())).toEqual([1, 4, 9]);
    }
    const long = loss.call(here(floats([2, 3, 1], 1)), here(floats([2, 3], 2)));
    expect(long.shape).toEqual([2]);
    expect(() => loss.call(here(floats([3, 2], 1)), here(floats([3, 4], 1)))).toThrow(
      'meanSquaredError: expected targets of the shape of the predictions [3,4], got [3,2]',
    );
    expect(() => loss.call(here(floats([3], 1)), here(floats([3, 4], 1)))).toThrow(/got \[3\]/);
  });
});

describe('reduceLoss', () => {
  const values = floats([4, 3], 1);
  const mask = ints([1, 1, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0], [4, 3]);
  const weights = between([4, 3], 2, 0, 2);

  const expectedLoss = (v: Host, w: Host | null, m: Host | null, divisor?: number): number => {
    let [total, count] = [0, 0];
    v.data.forEach((x, i) => {
      const each = v.data.length / (w?.data.length ?? 1);
      if (m && !m.data[i]) return;
      count++;
      total += x * (w ? w.data[Math.floor(i / each)] : 1);
    });
    return count === 0 ? 0 : total / (divisor ?? count);
  };

  it.each<[string, Host | null, Host | null]>([
    ['nothing', null, null],
    ['a mask', null, mask],
    ['weights a step', weights, null],
    ['weights a sample', between([4], 3, 0, 2), null],
    ['weights and a mask', weights, mask],
    ['weights a sample and a mask', between([4, 1], 3, 0, 2), mask],
    ['a mask of nothing', null, ints(new Array<number>(12).fill(0), [4, 3])],
  ])('with %s', async (_, sampleWeight, given) => {
    const { outputs } = await checkOp(
      ([x]) =>
        reduceLoss(x, {
          sampleWeight: sampleWeight && on(x, sampleWeight),
          mask: given && on(x, given),
        }).loss,
      [values],
    );
    expect(outputs[0].shape).toEqual([]);
    expectClose(outputs[0].data, [expectedLoss(values, sampleWeight, given)], 'loss');
  });

  it('sums, and divides by the weights, where told to', async () => {
    const total = (reduction: Weighting['reduction'], m: Host | null) => async () => {
      const { outputs } = await checkOp(
        ([x]) =>
          reduceLoss(x, { reduction, sampleWeight: on(x, weights), mask: m && on(x, m) }).loss,
        [values],
      );
      return outputs[0].data;
    };
    const weighed = (m: Host | null) =>
      Array.from(weights.data).reduce((sum, w, i) => sum + (!m || m.data[i] ? w : 0), 0);
    for (const m of [null, mask]) {
      expectClose(await total('sum', m)(), [expectedLoss(values, weights, m, 1)], 'sum');
      expectClose(
        await total('meanWithSampleWeight', m)(),
        [expectedLoss(values, weights, m, weighed(m))],
        'mean',
      );
    }
  });

  it('does not let a masked NaN through', async () => {
    const bad = { shape: [4, 3], data: values.data.slice() };
    bad.data[2] = NaN;
    for (const device of await openAll()) {
      const x = tensor(bad.data, bad.shape, 'float32', device);
      const { loss } = reduceLoss(x, { mask: on(x, mask) });
      expectClose(await loss.data(), [expectedLoss(bad, null, mask)], 'loss');
    }
  });

  it('counts what ignoreClass leaves in, as well as the mask', async () => {
    const loss = losses.sparseCategoricalCrossentropy({ fromLogits: true, ignoreClass: -1 });
    const labels = ints([0, -1, 2, 1, -1, -1], [2, 3]);
    const steps = ints([1, 1, 0, 1, 1, 0], [2, 3]);
    const { outputs } = await checkOp(
      ([yPred]) => {
        const yTrue = on(yPred, labels);
        return [
          computeLoss(loss, yTrue, yPred, {}).loss,
          computeLoss(loss, yTrue, yPred, { mask: on(yPred, steps) }).loss,
          loss.call(yTrue, yPred),
        ];
      },
      [floats([2, 3, 4], 1, 2)],
    );
    const each = outputs[2].data;
    expectClose(outputs[0].data, [(each[0] + each[2] + each[3]) / 3], 'loss');
    expectClose(outputs[1].data, [(each[0] + each[3]) / 2], 'masked loss');
  });

  it.each<[string, Host | null, Host | null]>([
    ['nothing', null, null],
    ['a mask', null, mask],
    ['a mask of sequences', null, ints([1, 0, 1, 1], [4, 1])],
    ['weights a step', weights, null],
    ['weights a sample and a mask', between([4], 3, 0, 2), mask],
    ['a mask of nothing', null, ints(new Array<number>(12).fill(0), [4, 3])],
  ])('sums or averages over time, and then over sequences, with %s', async (_, w, m) => {
    const [sums, counts] = [
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ];
    values.data.forEach((x, i) => {
      const row = Math.floor(i / 3);
      if (m && !m.data[m.data.length === 4 ? row : i]) return;
      sums[row] += x * (w ? w.data[w.data.length === 4 ? row : i] : 1);
      counts[row]++;
    });
    const sequences = Math.max(counts.filter(Boolean).length, 1);
    const mean = (each: number[]) => each.reduce((a, b) => a + b) / sequences;
    const { outputs } = await checkOp(
      ([x]) =>
        (['sumOverTime', 'meanOverTime'] as const).map((reduction) => {
          const weighting = { sampleWeight: w && on(x, w), mask: m && on(x, m) };
          return reduceLoss(x, { ...weighting, reduction }).loss;
        }),
      [values],
    );
    expectClose(outputs[0].data, [mean(sums)], 'sum over time');
    const means = sums.map((sum, row) => sum / Math.max(counts[row], 1));
    expectClose(outputs[1].data, [mean(means)], 'mean over time');
  });

  it('refuses weights and masks that do not fit', () => {
    const x = here(floats([4, 3], 1));
    expect(() => reduceLoss(x, { sampleWeight: here(floats([3], 1)) })).toThrow(
      'sampleWeight: expected the shape of the losses [4,3] or their first axes, got [3]',
    );
    expect(() => reduceLoss(here(floats([4], 1)), { mask: here(mask) })).toThrow(
      'mask: expected the shape of the losses [4] or their first axes, got [4,3]',
    );
  });
});

describe('getLoss', () => {
  it('finds losses by Keras names in camelCase, and the short ones', () => {
    for (const name of losses.LOSS_NAMES) expect(getLoss(name).name).toBe(name);
    expect(getLoss('mse').name).toBe('meanSquaredError');
    const own = losses.huber({ delta: 2, name: 'mine' });
    expect(getLoss(own)).toBe(own);
    expect(own.name).toBe('mine');
    expect(getLoss('huber', own.config).config).toEqual({ delta: 2 });
    expect(() => getLoss('huba' as 'huber')).toThrow(
      /^loss: expected one of binaryCrossentropy, .*, got 'huba'$/,
    );
    expect(() => losses.huber({ delta: 0 })).toThrow(
      'huber: expected delta to be a number above 0, got 0',
    );
  });

  it('names the loss in errors about labels', () => {
    const yPred = here(between([2, 10], 1, 0, 1));
    expect(() => losses.sparseCategoricalCrossentropy().call(here(ints([3, 12])), yPred)).toThrow(
      'sparseCategoricalCrossentropy: expected labels in 0…9, got 12 for 10 classes',
    );
  });
});
