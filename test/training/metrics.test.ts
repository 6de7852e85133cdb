import { describe, expect, it } from 'vitest';
import * as metrics from '../../src/metrics/index.ts';
import type { Metric } from '../../src/metrics/index.ts';
import { sparseCategoricalCrossentropy } from '../../src/losses/index.ts';
import { scope, tensor, Variable } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { openAll, reference } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';
import type { Host } from '../support/random.ts';

const host = (values: number[], shape: number[] = [values.length]): Host => ({
  shape,
  data: Float32Array.from(values),
});
const ints = (values: number[], shape: number[] = [values.length]): Host => ({
  shape,
  data: Int32Array.from(values),
});

/** [sum, weight] on the GPU, after the twin has agreed. */
async function totals(
  metric: Metric,
  yTrue: Host,
  yPred: Host,
  weight: Host | null = null,
): Promise<[number, number]> {
  const found: number[][] = [];
  for (const device of await openAll()) {
    const place = ({ data, shape }: Host) => tensor(data, shape, undefined, device);
    const { sum, weight: count } = scope(() =>
      metric.update(place(yTrue), place(yPred), weight && place(weight)),
    );
    expect([sum.shape, count.shape]).toEqual([[], []]);
    found.push([(await sum.data())[0], (await count.data())[0]]);
    sum.dispose();
    count.dispose();
  }
  expectClose(found[1], found[0], metric.name);
  return [found[1][0], found[1][1]];
}

async function value(...args: Parameters<typeof totals>): Promise<number> {
  const [sum, weight] = await totals(...args);
  const mean = weight === 0 ? 0 : sum / weight;
  return args[0].finish?.(mean) ?? mean;
}

describe('accuracy', () => {
  const classes = host([0.1, 0.9, 0.8, 0.05, 0.95, 0, 0.3, 0.3, 0.4], [3, 3]);
  const labels = ints([2, 1, 2]);
  const oneHot = host([0, 0, 1, 0, 1, 0, 0, 0, 1], [3, 3]);

  it('gives the numbers of the documentation of Keras', async () => {
    const pair = host([0.1, 0.9, 0.8, 0.05, 0.95, 0], [2, 3]);
    const binary = host([0.98, 1, 0, 0.6], [4, 1]);
    expect(await value(metrics.binaryAccuracy(), host([1, 1, 0, 0], [4, 1]), binary)).toBe(0.75);
    expect(
      await value(metrics.binaryAccuracy(), host([1, 1, 0, 0], [4, 1]), binary, host([1, 0, 0, 1])),
    ).toBe(0.5);
    const wanted = host([0, 0, 1, 0, 1, 0], [2, 3]);
    expect(await value(metrics.categoricalAccuracy(), wanted, pair)).toBe(0.5);
    expect(await value(metrics.categoricalAccuracy(), wanted, pair, host([0.7, 0.3]))).toBeCloseTo(
      0.3,
      6,
    );
    expect(await value(metrics.sparseCategoricalAccuracy(), ints([2, 1]), pair)).toBe(0.5);
    expect(
      await value(metrics.sparseCategoricalAccuracy(), ints([2, 1]), pair, host([0.7, 0.3])),
    ).toBeCloseTo(0.3, 6);
    expect(await value(metrics.topKCategoricalAccuracy({ k: 1 }), wanted, pair)).toBe(0.5);
    expect(
      await value(metrics.topKCategoricalAccuracy({ k: 1 }), wanted, pair, host([0.7, 0.3])),
    ).toBeCloseTo(0.3, 6);
    expect(await value(metrics.sparseTopKCategoricalAccuracy({ k: 1 }), ints([2, 1]), pair)).toBe(
      0.5,
    );
  });

  it('is chosen by shapes: binary, labels, one-hot', async () => {
    const two = metrics.accuracy();
    expect(await totals(two, labels, classes)).toEqual([2, 3]);
    expect(await totals(two, { ...labels, shape: [3, 1] }, classes)).toEqual([2, 3]);
    expect(await totals(two, oneHot, classes)).toEqual([2, 3]);
    expect(await totals(two, host([1, 0, 1]), host([0.6, 0.7, 0.1], [3, 1]))).toEqual([1, 3]);
    expect(await totals(two, ints([1, 0, 1]), host([0.6, 0.2, 0.1]))).toEqual([2, 3]);
  });

  it('counts a class among the k largest', async () => {
    const yPred = floats([50, 20], 1);
    const yTrue = integers([50], 2, 0, 20);
    for (const k of [1, 3, 5]) {
      let count = 0;
      for (let b = 0; b < 50; b++) {
        const row = Array.from(yPred.data.subarray(b * 20, (b + 1) * 20));
        const rank = row.filter((p) => p > row[yTrue.data[b]]).length;
        if (rank < k) count++;
      }
      const metric = metrics.sparseTopKCategoricalAccuracy({ k });
      expect(await totals(metric, yTrue, yPred)).toEqual([count, 50]);
    }
  });

  it('averages over steps, and over those that a mask leaves', async () => {
    const yPred = host([0.9, 0.1, 0.2, 0.8, 0.7, 0.3, 0.6, 0.4, 0.1, 0.9, 0.5, 0.4], [2, 3, 2]);
    const yTrue = ints([0, 1, 1, 1, 1, 1], [2, 3]);
    const mask = ints([1, 1, 1, 0, 1, 0], [2, 3]);
    // Right: 1 1 0 / 0 1 0.
    const [sum, weight] = await totals(metrics.accuracy(), yTrue, yPred);
    expect([sum, weight]).toEqual([1, 2]);
    // As in Keras, sums and weights are means over a sample's steps.
    const masked = await totals(metrics.accuracy(), yTrue, yPred, mask);
    expectClose(masked, [3 / 3, 4 / 3], 'masked');
    const weighted = await totals(metrics.accuracy(), yTrue, yPred, host([2, 0.5]));
    expectClose(weighted, [(2 * 2) / 3 + 0.5 / 3, 2.5], 'weighted');
  });

  it('refuses labels that do not fit', () => {
    const yPred = tensor(floats([4, 3], 1).data, [4, 3], 'float32', reference);
    const yTrue = tensor(Int32Array.of(1, 2), [2], 'int32', reference);
    expect(() => metrics.accuracy().update(yTrue, yPred, null)).toThrow(
      'accuracy: expected labels [4] for predictions [4,3], got [2]',
    );
  });
});

describe('losses as metrics', () => {
  const yTrue = host([0, 1, 0, 0], [2, 2]);
  const yPred = host([1, 1, 1, 0], [2, 2]);
  const soft = host([0.6, 0.4, 0.4, 0.6], [2, 2]);

  it('give the numbers of the documentation of Keras', async () => {
    expect(await value(metrics.meanSquaredError(), yTrue, host([1, 1, 0, 0], [2, 2]))).toBe(0.25);
    expect(
      await value(metrics.meanAbsoluteError(), yTrue, host([1, 1, 0, 0], [2, 2]), host([1, 0])),
    ).toBe(0.5);
    expect(
      await value(metrics.rootMeanSquaredError(), yTrue, host([1, 1, 0, 0], [2, 2]), host([1, 0])),
    ).toBeCloseTo(0.7071, 4);
    expect(await value(metrics.binaryCrossentropy(), yTrue, soft)).toBeCloseTo(0.81492424, 5);
    expect(await value(metrics.binaryCrossentropy(), yTrue, soft, host([1, 0]))).toBeCloseTo(
      0.9162905,
      5,
    );
    expect(
      await value(
        metrics.cosineSimilarity(),
        host([0, 1, 1, 1], [2, 2]),
        host([1, 0, 1, 1], [2, 2]),
        host([0.3, 0.7]),
      ),
    ).toBeCloseTo(0.7, 5);
  });

  it('average over steps, and over those that a mask leaves', async () => {
    const errors = await totals(metrics.meanAbsoluteError(), yTrue, yPred, ints([0, 1]));
    expect(errors).toEqual([0.5, 1]);
    const loss = sparseCategoricalCrossentropy({ fromLogits: true, ignoreClass: 0 });
    const zeros = host(new Array<number>(8).fill(0), [2, 2, 2]);
    const labels = ints([0, 1, 1, 1], [2, 2]);
    const metric = metrics.lossMetric(loss);
    expectClose(await totals(metric, labels, zeros), [1.5 * Math.LN2, 2], 'unweighted');
    expectClose(
      await totals(metric, labels, zeros, host([1, 2])),
      [2.5 * Math.LN2, 2.5],
      'weighted',
    );
  });
});

describe('metrics of tokens', () => {
  const yPred = host([0.5, 0.25, 0.25, 0.125, 0.125, 0.75, 0.25, 0.5, 0.25, 1, 0, 0], [2, 2, 3]);
  const labels = ints([0, 1, 0, 0], [2, 2]);

  it('average the bits of all tokens, and are what follows from that mean', async () => {
    const { bitsPerCharacter, perplexity } = metrics;
    expectClose(await totals(bitsPerCharacter(), labels, yPred), [6 * Math.LN2, 4], 'totals');
    expect(await value(bitsPerCharacter(), labels, yPred)).toBeCloseTo(1.5, 6);
    expect(await value(perplexity(), labels, yPred)).toBeCloseTo(2 ** 1.5, 6);
    const logits = host(Array.from(yPred.data, Math.log), [2, 2, 3]);
    logits.data[10] = logits.data[11] = -100;
    const fromLogits = await value(perplexity({ fromLogits: true }), labels, logits);
    expect(fromLogits).toBeCloseTo(2 ** 1.5, 5);
  });

  it('count tokens, not samples: masks, weights and a token of padding', async () => {
    const bits = metrics.bitsPerCharacter();
    const mask = ints([1, 1, 0, 1], [2, 2]);
    expectClose(await totals(bits, labels, yPred, mask), [4 * Math.LN2, 3], 'masked');
    const weights = host([2, 0.5]);
    expectClose(await totals(bits, labels, yPred, weights), [9 * Math.LN2, 5], 'weighted');
    const steps = host([2, 1, 0, 3], [2, 2]);
    expectClose(await totals(bits, labels, yPred, steps), [5 * Math.LN2, 6], 'steps weighted');
    const padded = metrics.bitsPerCharacter({ maskTokenId: 0 });
    expectClose(await totals(padded, labels, yPred), [3 * Math.LN2, 1], 'padding');
    expectClose(await totals(padded, labels, yPred, weights), [6 * Math.LN2, 2], 'both');
    expect(await value(padded, ints([0, 0, 0, 0], [2, 2]), yPred)).toBe(0);
  });
});

describe('precision and recall', () => {
  it('are ratios of counts', async () => {
    const yTrue = host([0, 1, 1, 1]);
    const yPred = host([1, 0, 1, 1]);
    expect(await totals(metrics.precision(), yTrue, yPred)).toEqual([2, 3]);
    expect(await totals(metrics.recall(), yTrue, yPred)).toEqual([2, 3]);
    expect(await totals(metrics.recall(), yTrue, yPred, host([0, 0, 1, 0]))).toEqual([1, 1]);
    expect(await totals(metrics.precision({ threshold: 2 }), yTrue, yPred)).toEqual([0, 0]);
  });
});

describe('metrics', () => {
  it('are found by Keras names in camelCase, and the short ones', () => {
    for (const name of metrics.METRIC_NAMES as metrics.MetricName[])
      expect(metrics.getMetric(name).name).toBe(name);
    expect(metrics.getMetric('acc').name).toBe('acc');
    const own = metrics.recall({ threshold: 0.3 });
    expect(metrics.getMetric(own)).toBe(own);
    expect(() => metrics.getMetric('accuraccy' as 'accuracy')).toThrow(
      /^metric: expected one of .*binaryAccuracy.*, got 'accuraccy'; did you mean 'accuracy'\?$/,
    );
  });

  it('record nothing for backward', () => {
    const plain = tensor([0.2, 0.9], [2, 1], 'float32', reference);
    const yPred = new Variable(reference, plain.storage, [2, 1], 'p', true);
    const yTrue = tensor([0, 1], [2, 1], 'float32', reference);
    for (const name of ['meanSquaredError', 'accuracy', 'precision'] as const) {
      const { sum, weight } = metrics[name]().update(yTrue, yPred, null);
      expect([sum.tracked, weight.tracked]).toEqual([false, false]);
    }
  });
});
