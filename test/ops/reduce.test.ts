import { describe, expect, it } from 'vitest';
import { columnSum } from '../../src/ops/reduce_axes.ts';
import * as ops from '../../src/ops/reduce.ts';
import { tensor } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { checkOp, compute, expectClose } from '../support/check.ts';
import { gpu, openAll, reference } from '../support/devices.ts';
import { floats, generator, integers } from '../support/random.ts';
import type { Host } from '../support/random.ts';

const REDUCTIONS: [string, (x: Tensor, options?: ops.ReduceOptions) => Tensor][] = [
  ['sum', ops.sum],
  ['mean', ops.mean],
  ['sumSquares', ops.sumSquares],
  ['max', ops.max],
  ['min', ops.min],
  ['logSumExp', ops.logSumExp],
  ['variance', ops.variance],
  ['norm', ops.norm],
];
/** Shapes and axes; undefined is all. */
const CASES: [number[], number | number[] | undefined][] = [
  [[1], undefined],
  [[33], 0],
  [[3, 4, 5], 1],
  [
    [3, 4, 5],
    [0, 2],
  ],
  [
    [3, 4, 5],
    [-1, 0, 1],
  ],
  [[65, 33], 0],
  [[65, 33], 1],
  [[7, 1029], -1],
  [[1000, 12], 0],
  [[1000, 3], 0],
  [
    [4, 1, 3, 1, 2],
    [0, 1, 3],
  ],
  [[300, 2], 1],
];

describe.each(REDUCTIONS)('%s', (name, op) => {
  it.each(CASES)('of %j over %j', async (shape, axis) => {
    const seed = 11;
    await checkOp(
      ([x]) => [op(x, { axis }), op(x, { axis, keepDims: true })],
      [floats(shape, seed)],
      {
        // A lone element's norm is |x|, and its variance has no slope to measure; both are smooth elsewhere.
        finiteDifferences: name !== 'max' && name !== 'min',
      },
    );
  });

  it('of a scalar', async () => {
    await checkOp(([x]) => op(x), [floats([], 5)]);
  });
});

describe('reductions', () => {
  it('share the gradient among equals, as PyTorch', async () => {
    const x: Host = { shape: [2, 4], data: Float32Array.of(1, 3, 3, 2, 5, 5, 5, 0) };
    const { gradients } = await checkOp(([t]) => ops.max(t, { axis: 1 }), [x], {
      finiteDifferences: false,
    });
    const g = gradients[0]!;
    expect([g[0], g[3], g[7]].every((v) => v === 0)).toBe(true);
    expect(g[1]).toBe(g[2]);
    expect(g[4]).toBe(g[5]);
  });

  it('take infinities and huge values', async () => {
    const x: Host = {
      shape: [3, 3],
      data: Float32Array.of(1e4, -1e4, 1e4, -Infinity, -Infinity, -Infinity, -Infinity, 5, -1e30),
    };
    const { outputs } = await checkOp(
      ([t]) => [ops.logSumExp(t, { axis: 1 }), ops.max(t, { axis: 1 }), ops.min(t, { axis: 0 })],
      [x],
      { gradient: false },
    );
    expect(outputs[0].data[0]).toBeCloseTo(1e4 + Math.log(2), 6);
    expect(Array.from(outputs[1].data)).toEqual([1e4, -Infinity, 5]);
  });

  it('have a zero gradient of the norm at 0', async () => {
    const x: Host = { shape: [2, 3], data: Float32Array.of(0, 0, 0, 3, 0, 4) };
    const { gradients } = await checkOp(([t]) => ops.norm(t, { axis: 1 }), [x], {
      finiteDifferences: false,
    });
    expect(Array.from(gradients[0]!.slice(0, 3), Math.abs)).toEqual([0, 0, 0]);
  });

  it.each([
    ['many elements', [300_001], 0],
    ['many elements in fours', [40, 10_000], 1],
    ['many rows', [20_000, 12], 0],
    ['many rows of an odd width', [9_001, 7], 0],
    ['many short rows', [20_000, 6], 1],
    ['many blocks', [2_000, 10, 4], 1],
    ['a wide middle', [3, 900, 64], 1],
  ] as [string, number[], number][])('go through %s', async (_, shape, axis) => {
    await checkOp(
      ([x]) => [ops.sum(x, { axis }), ops.max(x, { axis }), ops.mean(x, { axis })],
      [floats(shape, 3)],
      { finiteDifferences: false },
    );
  });

  it('give the same bits twice', async () => {
    const d = await gpu({ poison: true });
    const run = () =>
      compute(d, ([x]) => [ops.sum(x), ops.sum(x, { axis: 0 })], [floats([5000, 33], 2)], {
        gradient: false,
      });
    const [first, second] = [await run(), await run()];
    first.outputs.forEach(({ data }, i) => expect(second.outputs[i].data).toEqual(data));
  });

  it('say what is wrong', () => {
    const make = (shape: number[], dtype?: 'int32') =>
      tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape, dtype, reference);
    expect(() => ops.sum(make([2, 3]), { axis: 2 })).toThrow(
      'sum: expected an axis from -2 to 1 for a tensor of rank 2, got 2',
    );
    expect(() => ops.sum(make([2, 3]), { axis: [0, -2] })).toThrow(
      'sum: expected each axis once, got [0,-2] for float32[2,3]',
    );
    expect(() => ops.mean(make([0, 3]), { axis: 0 })).toThrow(
      'mean: an axis of float32[0,3] that is to be reduced is empty',
    );
    expect(() => ops.max(make([3], 'int32'))).toThrow(
      "max: expected a float32 tensor, got int32[3]; cast(x, 'float32') first",
    );
    expect(() => ops.argMax(make([3, 0]))).toThrow('argMax: axis -1 of float32[3,0] is empty');
  });
});

describe('argMax', () => {
  it.each([
    [[1], 0],
    [[33], 0],
    [[3, 4, 5], 1],
    [[70, 24], -1],
    [[5, 1000], 1],
    [[200, 65], 0],
  ] as [number[], number][])('of %j along %i', async (shape, axis) => {
    // Few values, so that there are equal ones: the first counts.
    const { data } = integers(shape, 8, 0, 6);
    const x: Host = { shape, data: Float32Array.from(data) };
    const { outputs } = await checkOp(([t]) => ops.argMax(t, axis), [x], { gradient: false });
    expect(outputs[0].data).toBeInstanceOf(Int32Array);
    expect(outputs[0].shape).toEqual(
      shape.filter((_, k) => k !== (axis + shape.length) % shape.length),
    );
  });
});

describe('cumsum', () => {
  it.each([
    [[1], 0],
    [[3, 4, 5], 1],
    [[65, 3], 0],
    [[3, 33], -1],
  ] as [number[], number][])('of %j along %i', async (shape, axis) => {
    await checkOp(([x]) => ops.cumsum(x, axis), [floats(shape, 1)]);
  });
});

describe('columnSum', () => {
  /** On both devices: columns 4..4+columns of a [rows, 24] matrix, added to what is there. */
  it.each([
    [5, 3, false],
    [65, 8, true],
    [1000, 8, false],
    [1000, 8, true],
    [1000, 7, true],
    [3000, 1, true],
  ])('of %i rows and %i columns, masked: %s', async (rows, columns, masked) => {
    const x = floats([rows, 24], 1);
    const next = generator(5);
    const mask = Int32Array.from({ length: rows + 2 }, () => +(next() < 0.5));
    if (masked)
      for (let r = 0; r < rows; r++) if (!mask[r + 2]) x.data.fill(NaN, r * 24, (r + 1) * 24);
    const results = [];
    for (const d of await openAll()) {
      const source = tensor(x.data, x.shape, 'float32', d);
      const rowMask = tensor(mask, undefined, undefined, d);
      const out = tensor(new Float32Array(columns + 5).fill(0.25), undefined, 'float32', d);
      columnSum(d, {
        ...{ x: source.storage, rows, columns, rowStride: 24, offset: 4 },
        ...{ out: out.storage, outOffset: 3, accumulate: true, scale: 0.5 },
        ...{ rowMask: masked ? rowMask.storage : null, maskOffset: 2 },
      });
      results.push(await out.data());
    }
    for (const result of results.slice(1)) expectClose(result, results[0], 'sums');
    expect([results[0][2], results[0][3 + columns]]).toEqual([0.25, 0.25]);
    let first = 0;
    for (let r = 0; r < rows; r++) if (!masked || mask[r + 2]) first += x.data[r * 24 + 4];
    expect(results[0][3]).toBeCloseTo(0.25 + first / 2, 6);
  });
});
