import { describe, expect, it } from 'vitest';
import {
  binaryCrossEntropy,
  categoricalCrossEntropy,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
} from '../../src/ops/cross_entropy.ts';
import type { ClassCrossEntropyOptions } from '../../src/ops/cross_entropy.ts';
import { tensor } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { checkOp, compute, expectClose } from '../support/check.ts';
import { openAll, reference } from '../support/devices.ts';
import { floats, generator, integers } from '../support/random.ts';
import type { Host } from '../support/random.ts';

type ClassOp = typeof softmaxCrossEntropy;

/** The op of its first input, with fixed targets on the same device. */
const against =
  (op: ClassOp, targets: Host, options?: ClassCrossEntropyOptions) =>
  ([x]: Tensor[]) =>
    op(x, tensor(targets.data, targets.shape, undefined, x.device), options);

/** Numbers in (low, high). */
function between(shape: number[], seed: number, low: number, high: number): Host {
  const next = generator(seed);
  const size = shape.reduce((product, extent) => product * extent, 1);
  return { shape, data: Float32Array.from({ length: size }, () => low + (high - low) * next()) };
}

const SHAPES = [[4, 3], [1, 1], [65, 5], [2, 33, 7], [3, 129], [5, 1030], [70, 24], [6]];

describe.each([
  ['softmaxCrossEntropy', softmaxCrossEntropy, (shape: number[]) => floats(shape, 1, 4)],
  [
    'categoricalCrossEntropy',
    categoricalCrossEntropy,
    (shape: number[]) => between(shape, 1, 0.05, 1),
  ],
])('%s', (_, op, predictions) => {
  it.each(SHAPES.map((shape) => [shape]))('labels for %j', async (shape) => {
    const labels = integers(shape.slice(0, -1), 2, 0, shape.at(-1)!);
    await checkOp(against(op, labels), [predictions(shape)]);
    await checkOp(against(op, labels, { labelSmoothing: 0.1 }), [predictions(shape)]);
  });

  it.each(SHAPES.map((shape) => [shape]))('probabilities for %j', async (shape) => {
    // Not normalised: they may carry weights of classes.
    const targets = between(shape, 3, 0, 1);
    await checkOp(against(op, targets), [predictions(shape)]);
    await checkOp(against(op, targets, { labelSmoothing: 0.3 }), [predictions(shape)]);
  });

  it('ignores rows of ignoreClass, also where their predictions are NaN', async () => {
    const labels = { shape: [4], data: Int32Array.of(2, -100, 0, -100) };
    const x = predictions([4, 3]);
    x.data.fill(NaN, 3, 6);
    const { outputs, gradients } = await checkOp(against(op, labels, { ignoreClass: -100 }), [x], {
      finiteDifferences: false,
    });
    expect(outputs[0].data[1]).toBe(0);
    expect(outputs[0].data[3]).toBe(0);
    expect(Array.from(gradients[0]!.subarray(9))).toEqual([0, 0, 0]);
    expect(Array.from(gradients[0]!.subarray(3, 6))).toEqual([0, 0, 0]);
    // A class that exists can be ignored too.
    const { outputs: again } = await checkOp(
      against(op, { shape: [4], data: Int32Array.of(2, 1, 0, 1) }, { ignoreClass: 1 }),
      [predictions([4, 3])],
    );
    expect(again[0].data[1]).toBe(0);
  });

  it('gives NaN for labels that the host did not check, and for NaN', async () => {
    for (const device of await openAll({ poison: true })) {
      const x = tensor(predictions([3, 4]).data, [3, 4], 'float32', device);
      const labels = tensor(Int32Array.of(4, 1, -1), [3], 'int32', device);
      labels.range = null;
      const values = await op(x, labels).data();
      expect(Number.isNaN(values[0])).toBe(true);
      expect(Number.isFinite(values[1])).toBe(true);
      expect(Number.isNaN(values[2])).toBe(true);
      const wide = predictions([1, 2000]);
      wide.data[150] = NaN;
      const bad = tensor(wide.data, [1, 2000], 'float32', device);
      const label = tensor(Int32Array.of(3), [1], 'int32', device);
      expect(Number.isNaN((await op(bad, label).data())[0])).toBe(true);
    }
  });

  it('refuses bad input', () => {
    const x = tensor(predictions([2, 10]).data, [2, 10], 'float32', reference);
    const labels = (...values: number[]) =>
      tensor(Int32Array.from(values), undefined, 'int32', reference);
    expect(() => op(x, labels(1, 12), { name: 'loss' })).toThrow(
      'loss: expected labels in 0…9, got 12 for 10 classes',
    );
    expect(() => op(x, labels(-1, 1))).toThrow(/expected labels in 0…9, got -1/);
    expect(() => op(x, labels(-1, 12), { ignoreClass: -1 })).toThrow(/got 12/);
    expect(() => op(x, labels(1, 2, 3))).toThrow(
      /expected int32 labels \[2\] or float32 targets \[2,10\] .*, got int32\[3\]/,
    );
    expect(() => op(x, tensor([1, 2], [2], 'float32', reference))).toThrow(/got float32\[2\]/);
    expect(() => op(x, labels(1, 2), { labelSmoothing: 2 })).toThrow(
      /labelSmoothing to be a number from 0 to 1/,
    );
  });
});

describe('softmaxCrossEntropy of huge logits', () => {
  const huge = [
    [1e4, -1e4, 0],
    [-1e4, -1e4, -1e4 + 1],
    [100, -100, 99],
    [1e4, 1e4, 1e4],
    [-1e4, 1e4, 9999.5],
    [3e38, -3e38, 0],
  ].flat();

  it('is exact', async () => {
    const labels = { shape: [6], data: Int32Array.of(1, 2, 2, 0, 2, 0) };
    const expected = [
      2e4,
      Math.log(1 + 2 * Math.exp(-1)),
      1 + Math.log1p(Math.exp(-1)),
      Math.log(3),
      0.5 + Math.log1p(Math.exp(-0.5)),
      0,
    ];
    for (const device of await openAll({ poison: true })) {
      const build = against(softmaxCrossEntropy, labels);
      const x = { shape: [6, 3], data: Float32Array.from(huge) };
      const ones = { shape: [6], data: new Float32Array(6).fill(1) };
      const { outputs, gradients } = await compute(device, build, [x], { cotangents: [ones] });
      // Row by row: the loss of 20000 must not lend its tolerance to the others.
      expected.forEach((value, i) =>
        expectClose([outputs[0].data[i]], [value], `loss of row ${i}`),
      );
      expectClose(
        gradients[0]!.subarray(0, 3),
        [1, -1, 0],
        'gradient of the row that is wrong by 2e4',
      );
      expectClose(gradients[0]!.subarray(9, 12), [1 / 3 - 1, 1 / 3, 1 / 3], 'gradient of a tie');
    }
  });

  it('leaves out classes at -Infinity', async () => {
    const x = { shape: [1, 3], data: Float32Array.of(1, -Infinity, 1) };
    const labels = { shape: [1], data: Int32Array.of(0) };
    for (const device of await openAll({ poison: true })) {
      const { outputs, gradients } = await compute(
        device,
        against(softmaxCrossEntropy, labels),
        [x],
        { cotangents: [{ shape: [1], data: Float32Array.of(2) }] },
      );
      expectClose(outputs[0].data, [Math.log(2)], 'loss');
      expectClose(gradients[0]!, [-1, 0, 1], 'gradient');
    }
  });
});

describe('sigmoidCrossEntropy', () => {
  it.each(SHAPES.map((shape) => [shape]))('%j', async (shape) => {
    const targets = between(shape, 3, 0, 1);
    await checkOp(against(sigmoidCrossEntropy, targets), [floats(shape, 1, 6)]);
    await checkOp(against(sigmoidCrossEntropy, targets, { labelSmoothing: 0.2 }), [
      floats(shape, 1, 6),
    ]);
  });

  it('holds for logits of any size', async () => {
    const x = { shape: [8], data: Float32Array.of(0, 100, -100, 1e4, -1e4, 1e4, -20, 89) };
    const z = { shape: [8], data: Float32Array.of(0.5, 1, 0, 0, 1, 1, 0, 0) };
    const expected = [Math.LN2, 0, 0, 1e4, 1e4, 0, Math.log1p(Math.exp(-20)), 89];
    for (const device of await openAll({ poison: true })) {
      const ones = { shape: [8], data: new Float32Array(8).fill(1) };
      const build = against(sigmoidCrossEntropy, z);
      const { outputs, gradients } = await compute(device, build, [x], { cotangents: [ones] });
      expected.forEach((value, i) =>
        expectClose([outputs[0].data[i]], [value], `loss of element ${i}`),
      );
      // log(1 + e) must not lose what is small.
      expectClose([outputs[0].data[6] * 1e9], [Math.log1p(Math.exp(-20)) * 1e9], 'small loss');
      expectClose(gradients[0]!, [0, 0, 0, 1, -1, 0, Math.exp(-20), 1], 'gradient');
    }
  });
});

describe('binaryCrossEntropy', () => {
  it.each(SHAPES.map((shape) => [shape]))('%j', async (shape) => {
    const targets = between(shape, 3, 0, 1);
    const x = between(shape, 1, 0.02, 0.98);
    await checkOp(against(binaryCrossEntropy, targets), [x]);
    await checkOp(against(binaryCrossEntropy, targets, { labelSmoothing: 0.2 }), [x]);
  });

  it('clips: probabilities of 0 and 1 have a finite loss and no gradient', async () => {
    const p = { shape: [4], data: Float32Array.of(0, 1, 0, 1) };
    const z = { shape: [4], data: Float32Array.of(1, 0, 0, 1) };
    const most = -Math.log(1e-7);
    const { outputs, gradients } = await checkOp(against(binaryCrossEntropy, z), [p], {
      finiteDifferences: false,
    });
    expectClose(outputs[0].data, [most, most, 1e-7, 1e-7], 'loss');
    expectClose(gradients[0]!, [0, 0, 0, 0], 'gradient');
  });

  it('refuses bad input', () => {
    const p = tensor([0.5, 0.5], [2], 'float32', reference);
    const z = tensor([1, 0, 1], [3], 'float32', reference);
    for (const op of [binaryCrossEntropy, sigmoidCrossEntropy]) {
      expect(() => op(p, z, { name: 'loss' })).toThrow(
        'loss: expected float32 predictions and targets of one shape, got float32[2] and float32[3]',
      );
      expect(() => op(p, tensor(Int32Array.of(1, 0), [2], 'int32', reference))).toThrow(
        /expected float32 predictions and targets/,
      );
    }
  });
});

describe.each([
  ['sigmoidCrossEntropy', sigmoidCrossEntropy],
  ['binaryCrossEntropy', binaryCrossEntropy],
])('%s of NaN', (_, op) => {
  it('is NaN, and so is its gradient', async () => {
    for (const device of await openAll({ poison: true })) {
      const { outputs, gradients } = await compute(
        device,
        against(op, { shape: [2], data: Float32Array.of(1, 0) }),
        [{ shape: [2], data: Float32Array.of(NaN, 0.5) }],
      );
      for (const data of [outputs[0].data, gradients[0]!]) {
        expect(Number.isNaN(data[0])).toBe(true);
        expect(Number.isFinite(data[1])).toBe(true);
      }
    }
  });
});

describe('categoricalCrossEntropy of certain predictions', () => {
  it('clips: the wrong class has a finite loss, and nothing has a gradient', async () => {
    const p = { shape: [2, 3], data: Float32Array.of(0, 1, 0, 1, 0, 0) };
    const labels = { shape: [2], data: Int32Array.of(0, 0) };
    const { outputs, gradients } = await checkOp(against(categoricalCrossEntropy, labels), [p], {
      finiteDifferences: false,
    });
    expectClose(outputs[0].data, [-Math.log(1e-7), 1e-7], 'loss');
    expectClose(gradients[0]!, [0, 0, 0, 0, 0, 0], 'gradient');
  });

  it('divides by the sum over the classes', async () => {
    const p = tensor([2, 2, 4], [1, 3], 'float32', reference);
    const labels = tensor(Int32Array.of(2), [1], 'int32', reference);
    expect((await categoricalCrossEntropy(p, labels).data())[0]).toBeCloseTo(Math.LN2, 12);
  });
});
