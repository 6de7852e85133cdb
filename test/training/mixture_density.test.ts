import { beforeAll, describe, expect, it } from 'vitest';
import { layers, loadModel, losses, optimizers, Random, sequential } from '../../src/index.ts';
import { setDevice } from '../../src/index.ts';
import { computeLoss } from '../../src/losses/index.ts';
import type { MixtureDensityOptions } from '../../src/losses/index.ts';
import type { NumericArray } from '../../src/index.ts';
import { tensor } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { checkOp, compute, expectClose } from '../support/check.ts';
import { openAll, openWasm, reference } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';
import type { Host } from '../support/random.ts';

const { mixtureDensity, sampleMixture } = losses;
const ones = (size: number): Host => ({ shape: [size], data: new Float32Array(size).fill(1) });
const on = ({ device }: Tensor, { data, shape }: Host): Tensor =>
  tensor(data, shape, undefined, device);

/** The loss of its first input, against targets on the same device. */
const against =
  (targets: Host, options?: MixtureDensityOptions) =>
  ([x]: Tensor[]) =>
    mixtureDensity(options).call(on(x, targets), x);

/** Points within (-2, 2), and ends of strokes. */
function pointsOf(shape: number[], seed: number): Host {
  const { data } = floats(shape, seed, 2);
  const ends = integers(shape, seed + 1, 0, 2).data;
  if (shape.at(-1) === 3) for (let i = 2; i < data.length; i += 3) data[i] = ends[i];
  return { shape, data: data };
}

/** Equations 18 to 37 of Graves 2013 as they stand there, but that the logit of the end has the sign of sigmoid's. */
function graves(row: NumericArray, [x1, x2, x3]: NumericArray, minScale: number) {
  const K = Math.floor(row.length / 6);
  const of = (block: number) => Array.from({ length: K }, (_, k) => row[block * K + k]);
  const total = of(0).reduce((sum, w) => sum + Math.exp(w), 0);
  const components = of(0).map((w, k) => {
    const [m1, m2, s1, s2, r] = [1, 2, 3, 4, 5].map((block) => of(block)[k]);
    const [d1, d2] = [minScale + Math.exp(s1), minScale + Math.exp(s2)];
    const rho = Math.tanh(r);
    const [z1, z2] = [(x1 - m1) / d1, (x2 - m2) / d2];
    const Z = z1 ** 2 + z2 ** 2 - 2 * rho * z1 * z2;
    const C = 1 / (1 - rho ** 2);
    const density = Math.exp((-Z * C) / 2) / (2 * Math.PI * d1 * d2 * Math.sqrt(1 - rho ** 2));
    const pi = Math.exp(w) / total;
    const slopes = [
      (C / d1) * (z1 - rho * z2),
      (C / d2) * (z2 - rho * z1),
      ((C * z1 * (z1 - rho * z2) - 1) * Math.exp(s1)) / d1,
      ((C * z2 * (z2 - rho * z1) - 1) * Math.exp(s2)) / d2,
      z1 * z2 + rho * (1 - C * Z),
    ];
    return { pi, joint: pi * density, slopes };
  });
  const sum = components.reduce((all, { joint }) => all + joint, 0);
  const gradient = [0, 1, 2, 3, 4, 5].flatMap((block) =>
    components.map(({ pi, joint, slopes }) =>
      block === 0 ? pi - joint / sum : (-joint / sum) * slopes[block - 1],
    ),
  );
  let loss = -Math.log(sum);
  if (row.length % 6 === 1) {
    const e = 1 / (1 + Math.exp(-row[6 * K]));
    loss -= x3 === 1 ? Math.log(e) : Math.log(1 - e);
    gradient.push(e - x3);
  }
  return { loss, gradient };
}

describe('mixtureDensity', () => {
  it.each([
    [[4], 3, 1],
    [[2, 5], 20, 1],
    [[3, 33], 2, 0],
    [[70], 1, 1],
    [[2, 3, 4], 3, 0],
    [[1], 1, 0],
  ])('%j points, %i Gaussians, %i for the end of a stroke', async (shape, K, pen) => {
    const targets = pointsOf([...shape, 2 + pen], 3);
    const predictions = floats([...shape, 6 * K + pen], 1, 1.5);
    for (const minScale of [0, 0.3]) {
      const { outputs, gradients } = await checkOp(against(targets, { minScale }), [predictions]);
      expect(outputs[0].shape).toEqual(shape);
      const { gradients: each } = await compute(
        reference,
        against(targets, { minScale }),
        [predictions],
        { cotangents: [{ ...ones(outputs[0].data.length), shape }] },
      );
      expect(gradients[0]!.length).toBe(predictions.data.length);
      const width = 6 * K + pen;
      outputs[0].data.forEach((loss, i) => {
        const row = predictions.data.subarray(i * width, (i + 1) * width);
        const point = targets.data.subarray(i * (2 + pen), (i + 1) * (2 + pen));
        const expected = graves(row, point, minScale);
        expectClose([loss], [expected.loss], `loss of row ${i}`, TIGHT);
        expectClose(
          each[0]!.subarray(i * width, (i + 1) * width),
          expected.gradient,
          `gradient of row ${i}`,
          TIGHT,
        );
      });
    }
  });

  it('takes 1e-4 as the least deviation by default', async () => {
    const targets = { shape: [1, 2], data: Float32Array.of(1, 1) };
    const predictions = { shape: [1, 6], data: Float32Array.of(0, 1, 1, -100, -100, 0) };
    // So near to the mean, the density curves within the step of a finite difference.
    const check = (options?: MixtureDensityOptions) =>
      checkOp(against(targets, options), [predictions], { finiteDifferences: false });
    const { outputs } = await check();
    expectClose(outputs[0].data, [Math.log(2 * Math.PI) + 2 * Math.log(1e-4)], 'loss');
    const more = await check({ minScale: 0.5 });
    expectClose(more.outputs[0].data, [Math.log(2 * Math.PI) + 2 * Math.log(0.5)], 'loss');
  });

  it('counts by masks and weights, and no masked NaN comes through', async () => {
    const targets = pointsOf([2, 3, 3], 5);
    const predictions = floats([2, 3, 13], 6);
    const mask = { shape: [2, 3], data: Int32Array.of(1, 1, 0, 1, 0, 0) };
    const weights = { shape: [2, 3], data: Float32Array.of(2, 0.5, 7, 1, 3, 9) };
    predictions.data.fill(NaN, 2 * 13, 3 * 13);
    const { outputs, gradients } = await checkOp(
      ([x]) => {
        const yTrue = on(x, targets);
        const weighting = { mask: on(x, mask), sampleWeight: on(x, weights) };
        return [
          computeLoss(mixtureDensity(), yTrue, x, weighting).loss,
          mixtureDensity().call(yTrue, x),
        ];
      },
      [predictions],
      { finiteDifferences: false, gradient: false },
    );
    expect(gradients).toEqual([null]);
    const [total, each] = outputs.map(({ data }) => data);
    expectClose(total, [(2 * each[0] + 0.5 * each[1] + each[3]) / 3], 'loss');
    for (const device of await openAll({ poison: true })) {
      const found = await compute(
        device,
        ([x]) => computeLoss(mixtureDensity(), on(x, targets), x, { mask: on(x, mask) }).loss,
        [predictions],
      );
      const slopes = found.gradients[0]!;
      expect(Array.from(slopes.subarray(26, 39))).toEqual(Array<number>(13).fill(0));
      expect(Array.from(slopes.subarray(52)).every((slope) => slope === 0)).toBe(true);
      expect(slopes.every(Number.isFinite)).toBe(true);
    }
  });

  it('refuses what does not fit', () => {
    const call = (predictions: number[], targets: number[]) => () =>
      mixtureDensity().call(
        tensor(floats(targets, 1).data, targets, undefined, reference),
        tensor(floats(predictions, 1).data, predictions, undefined, reference),
      );
    expect(call([2, 4, 13], [2, 4, 2])).toThrow(
      /^mixtureDensity: expected float32 targets \[\.\.\., 3\].*got targets float32\[2,4,2\] and predictions float32\[2,4,13\]; change/,
    );
    for (const [predictions, targets] of [
      [
        [2, 12],
        [2, 3],
      ],
      [
        [2, 1],
        [2, 3],
      ],
      [
        [2, 13],
        [3, 3],
      ],
      [
        [2, 13],
        [2, 4],
      ],
      [[13], []],
    ])
      expect(call(predictions, targets)).toThrow(/expected float32 targets/);
    expect(() => mixtureDensity({ minScale: -1 })).toThrow(
      'mixtureDensity: expected minScale to be a number from 0 on, got -1',
    );
    expect(() => mixtureDensity({ minScale: NaN })).toThrow(/got NaN/);
  });
});

/** Of the float64 twin against formulas in float64. */
const TIGHT = { absolute: 1e-10, relative: 1e-9 };

/** -log N of one Gaussian, without the cancellations of Graves' form. */
function oneGaussian([x1, x2]: number[], [m1, m2, s1, s2, r]: number[]) {
  const [z1, z2] = [(x1 - m1) * Math.exp(-s1), (x2 - m2) * Math.exp(-s2)];
  const sign = r < 0 ? -1 : 1;
  const c = Math.cosh(r);
  const rest = Math.exp(-Math.abs(r)) / c; // 1 - |ρ|
  const [u1, u2] = [
    (z1 - sign * z2 + sign * rest * z2) * c,
    (z2 - sign * z1 + sign * rest * z1) * c,
  ];
  return {
    loss: Math.log(2 * Math.PI) + s1 + s2 - Math.log(c) + (z1 ** 2 + u2 ** 2) / 2,
    gradient: [
      0,
      -u1 * c * Math.exp(-s1),
      -u2 * c * Math.exp(-s2),
      1 - z1 * u1 * c,
      1 - z2 * u2 * c,
      -(Math.tanh(r) + u1 * u2),
    ],
  };
}

describe('mixtureDensity is finite and right', () => {
  it.each([
    ['far away', [1e6, -3e5], [0, 0, 0, 0, 0]],
    ['far away, with a correlation', [1e6, 1e6], [0, 0, 0, 0, 3]],
    ['with small deviations, at the mean', [0.5, 0.25], [0.5, 0.25, -20, -25, 0]],
    ['with small deviations, beside the mean', [0.75, 0.25], [0.5, 0.5, -20, -12, 0.5]],
    ['with large deviations', [3, -2], [0, 0, 30, 40, -1]],
    ['with rho near 1, along it', [1, 1], [0.5, 0.5, 0, 0, 12]],
    ['with rho near 1, across it', [1, 1.5], [0.5, 0.5, 0, 0, 12]],
    ['with rho near -1, along it', [2, -1], [1, 0, 0, 0, -16]],
    ['with rho near -1, across it', [2, 1], [1, 0, 0, 0, -16]],
    ['with rho at 1 in float32', [1, 1], [0.5, 0.5, 0, 0, 30]],
  ])('%s', async (_, point, gaussian) => {
    const expected = oneGaussian(point, gaussian);
    const predictions = { shape: [1, 6], data: Float32Array.of(0, ...gaussian) };
    const targets = { shape: [1, 2], data: Float32Array.from(point) };
    for (const device of await openAll({ poison: true })) {
      const { outputs, gradients } = await compute(
        device,
        against(targets, { minScale: 0 }),
        [predictions],
        { cotangents: [ones(1)] },
      );
      expectClose(outputs[0].data, [expected.loss], `loss on ${device.kind}`);
      // One by one: a large one must not lend its tolerance to the others.
      expected.gradient.forEach((slope, i) =>
        expectClose([gradients[0]![i]], [slope], `gradient ${i} on ${device.kind}`),
      );
    }
  });

  it('where one of two Gaussians is infinitely far away in float32', async () => {
    const data = Float32Array.of(
      ...[0.5, 1.5],
      ...[0, 0],
      ...[0, 0],
      ...[0, -80],
      ...[0, -80],
      ...[0, 0],
    );
    const targets = { shape: [1, 2], data: Float32Array.of(1, 0.5) };
    const near = oneGaussian([1, 0.5], [0, 0, 0, 0, 0]);
    const share = 1 / (1 + Math.exp(-1));
    for (const device of await openAll({ poison: true })) {
      const { outputs, gradients } = await compute(
        device,
        against(targets, { minScale: 0 }),
        [{ shape: [1, 12], data }],
        { cotangents: [ones(1)] },
      );
      expectClose(outputs[0].data, [near.loss + Math.log1p(Math.E)], 'loss');
      const slopes = near.gradient.slice(1).flatMap((slope) => [slope, 0]);
      expectClose(gradients[0]!, [-share, share, ...slopes], 'gradient');
    }
  });

  it('for logits of any size', async () => {
    const gaussians = [...[0, 0], ...[0, 0], ...[0, 0], ...[0, 0], ...[0, 0]];
    const rows = [
      [1e4, -1e4, ...gaussians, 1e4],
      [-1e4, -1e4, ...gaussians, -1e4],
      [3e30, 1, ...gaussians, 90],
    ];
    const targets = { shape: [3, 3], data: Float32Array.of(0, 0, 1, 0, 0, 1, 0, 0, 0) };
    const expected = [0, 1e4, 90].map((end) => Math.log(2 * Math.PI) + end);
    for (const device of await openAll({ poison: true })) {
      const { outputs, gradients } = await compute(
        device,
        against(targets),
        [{ shape: [3, 13], data: Float32Array.from(rows.flat()) }],
        { cotangents: [ones(3)] },
      );
      // The default of minScale is in the deviations, 1.0001.
      const wider = 2 * Math.log1p(1e-4);
      expected.forEach((loss, i) =>
        expectClose([outputs[0].data[i]], [loss + wider], `loss of row ${i} on ${device.kind}`),
      );
      expectClose(
        [12, 25, 38].map((i) => gradients[0]![i]),
        [0, -1, 1],
        'gradient of the end',
      );
    }
  });

  it('but for NaN, which is not hidden', async () => {
    const targets = pointsOf([7, 3], 1);
    const predictions = { shape: [7, 7], data: new Float32Array(49) };
    for (let i = 0; i < 7; i++) predictions.data[i * 7 + i] = NaN;
    for (const device of await openAll({ poison: true })) {
      const { outputs } = await compute(device, against(targets), [predictions]);
      expect(Array.from(outputs[0].data, Number.isNaN), device.kind).toEqual(
        Array<boolean>(7).fill(true),
      );
    }
  });
});

describe('a model of a mixture', () => {
  beforeAll(async () => setDevice(await openWasm()));

  it('finds two clusters, is saved, and goes on', async () => {
    const random = new Random(1);
    const samples = 256;
    const y = Float32Array.from({ length: samples * 3 }, (_, i) => {
      const right = Math.floor(i / 3) % 2;
      return i % 3 === 2 ? right : (right ? 1 : -1) + 0.1 * random.normal();
    });
    const data = { data: y, shape: [samples, 1, 3] };
    const x = { data: new Float32Array(samples).fill(1), shape: [samples, 1, 1] };
    const compile = {
      optimizer: optimizers.adam({ learningRate: 0.05 }),
      loss: mixtureDensity(),
    };
    const model = sequential([layers.input({ shape: [null, 1] }), layers.dense(6 * 2 + 1)], {
      seed: 1,
    });
    model.compile(compile);
    await model.fit(x, data, { epochs: 60, batchSize: 64, verbose: 0 });
    const { loss } = await model.evaluate(x, data, { verbose: 0 });
    // The entropies of which cluster, of two coordinates, and of the end, which is drawn by itself.
    const least = 2 * Math.LN2 + 2 * (Math.log(0.1) + 0.5 * Math.log(2 * Math.PI * Math.E));
    expect(loss).toBeGreaterThan(least - 0.2);
    expect(loss).toBeLessThan(least + 0.2);
    const again = await loadModel(await model.save());
    expect(again.optimizer.iterations).toBe(240);
    expect((await again.evaluate(x, data, { verbose: 0 })).loss).toBe(loss);

    const output = await model.predict({ data: new Float32Array([1]), shape: [1, 1, 1] });
    const row = await output.data();
    const drawn = Array.from({ length: 400 }, () => sampleMixture(row, { random }));
    expect(drawn.every(([a, b]) => Math.abs(Math.abs(a) - 1) < 0.6 && a * b > 0)).toBe(true);
    output.dispose();
    model.dispose();
    again.dispose();
  });
});

describe('sampleMixture', () => {
  const count = 20_000;
  /** Weights 0.5, 0.3, 0.2; means far apart; one with a correlation. */
  const row = [
    ...[0.5, 0.3, 0.2].map(Math.log),
    ...[0, 100, -100],
    ...[50, 0, -50],
    ...[0, Math.log(2), 0],
    ...[0, Math.log(3), 0],
    ...[0, Math.atanh(0.8), 0],
    Math.log(1 / 3),
  ];
  const many = Float32Array.from({ length: count * row.length }, (_, i) => row[i % row.length]);
  const draw = (options: Partial<Parameters<typeof sampleMixture>[1]> = {}) => {
    const all = sampleMixture(many, {
      random: new Random(7),
      rows: count,
      minScale: 0,
      ...options,
    });
    return Array.from({ length: count }, (_, i) => Array.from(all.subarray(3 * i, 3 * i + 3)));
  };
  const groups = (points: number[][]) => [
    points.filter(([x]) => Math.abs(x) < 50),
    points.filter(([x]) => x > 50),
    points.filter(([x]) => x < -50),
  ];
  const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const momentsOf = (points: number[][]) => {
    const [mx, my] = [0, 1].map((axis) => mean(points.map((point) => point[axis])));
    const product = (f: (dx: number, dy: number) => number) =>
      mean(points.map(([x, y]) => f(x - mx, y - my)));
    const deviations = [product((dx) => dx * dx), product((_, dy) => dy * dy)].map(Math.sqrt);
    return {
      mx,
      my,
      deviations,
      rho: product((dx, dy) => dx * dy) / deviations[0] / deviations[1],
    };
  };
  /** χ² of three counts with two degrees of freedom: 13.8 is exceeded once in a thousand. */
  const chiSquare = (points: number[][], weights: number[]) =>
    groups(points).reduce((sum, { length }, k) => {
      const expected = (count * weights[k]) / weights.reduce((a, b) => a + b);
      return sum + (length - expected) ** 2 / expected;
    }, 0);

  it('draws by weights, means, deviations, correlation and ends', () => {
    const points = draw();
    expect(chiSquare(points, [5, 3, 2])).toBeLessThan(13.8);
    const { mx, my, deviations, rho } = momentsOf(groups(points)[1]);
    expect(mx).toBeCloseTo(100, 0);
    expect(my).toBeCloseTo(0, 0);
    expect(deviations[0] / 2).toBeCloseTo(1, 1);
    expect(deviations[1] / 3).toBeCloseTo(1, 1);
    expect(Math.abs(rho - 0.8)).toBeLessThan(0.02);
    expect(Math.abs(mean(points.map(([, , end]) => end)) - 0.25)).toBeLessThan(0.015);
    expect(points.every(([, , end]) => end === 0 || end === 1)).toBe(true);
  });

  it('is biased towards what is probable, as Graves has it', () => {
    const points = draw({ bias: 1 });
    expect(chiSquare(points, [25, 9, 4])).toBeLessThan(13.8);
    const { deviations } = momentsOf(groups(points)[1]);
    expect(deviations[0] / (2 * Math.exp(-1))).toBeCloseTo(1, 1);
  });

  it('has a temperature, as Ha and Eck have it', () => {
    const points = draw({ temperature: 0.25 });
    expect(chiSquare(points, [625, 81, 16])).toBeLessThan(13.8);
    expect(momentsOf(groups(points)[1]).deviations[0]).toBeCloseTo(1, 1);
    // sigmoid(4 log(1/3)) = 1 / 82
    expect(mean(points.map(([, , end]) => end))).toBeCloseTo(1 / 82, 2);
  });

  it('gives the same for the same seed, adds minScale, and leaves the end out', () => {
    const options = () => ({ random: new Random(3) });
    expect(sampleMixture(row, options())).toEqual(sampleMixture(row, options()));
    expect(sampleMixture(row, { random: new Random(4) })).not.toEqual(
      sampleMixture(row, options()),
    );
    const flat = row.slice(0, -1).map((value, i) => (i >= 9 && i < 15 ? -100 : value));
    const [x, y] = sampleMixture(flat, { ...options(), minScale: 0 });
    expect([0, 100, -100]).toContain(x);
    expect([50, 0, -50]).toContain(y);
    expect(sampleMixture(flat, { ...options(), minScale: 5 })).toHaveLength(2);
    expect(sampleMixture(flat, { ...options(), minScale: 5 })[0]).not.toBe(x);
  });

  it('refuses what does not fit', () => {
    const random = new Random(1);
    expect(() => sampleMixture(row.slice(2), { random })).toThrow(
      'sampleMixture: expected outputs of 1 row of 6 K + 1 or 6 K numbers each, got 17 numbers',
    );
    expect(() => sampleMixture(row, { random, rows: 2 })).toThrow(/of 2 rows/);
    expect(() => sampleMixture(row, { random, bias: -1 })).toThrow(
      /bias to be a number from 0 on, got -1/,
    );
    expect(() => sampleMixture(row, { random, temperature: 0 })).toThrow(/above 0, got 0/);
  });
});
