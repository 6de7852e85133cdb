import { describe, expect, it } from 'vitest';
import { matmul } from '../../src/ops/matmul.ts';
import { zeros } from '../../src/tensor.ts';
import { checkOp } from '../support/check.ts';
import { reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';

const swap = (shape: number[], swapped: boolean): number[] =>
  swapped ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape;

describe('matmul', () => {
  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('multiplies, transposeA %s, transposeB %s', async (transposeA, transposeB) => {
    for (const [a, b] of [
      [
        [3, 4],
        [4, 5],
      ],
      [
        [65, 33],
        [33, 1],
      ],
      [
        [1, 8],
        [8, 36],
      ],
      [
        [2, 3, 4],
        [4, 5],
      ],
      [
        [3, 4],
        [2, 4, 5],
      ],
      [
        [2, 3, 4],
        [2, 4, 5],
      ],
      [
        [2, 1, 3, 4],
        [5, 4, 2],
      ],
      [
        [1, 3, 4],
        [5, 4, 2],
      ],
      [
        [2, 3, 1, 3, 4],
        [3, 2, 4, 2],
      ],
    ])
      await checkOp(
        ([x, y]) => matmul(x, y, { transposeA, transposeB }),
        [floats(swap(a, transposeA), 1), floats(swap(b, transposeB), 2)],
      );
  });

  it.each(['linear', 'tanh', 'sigmoid', 'relu', 'hardSigmoid', 'elu', 'selu'] as const)(
    'adds a bias and ends in %s',
    async (activation) => {
      const inputs = [floats([3, 5, 7], 1), floats([7, 6], 2), floats([6], 3)];
      const options = { finiteDifferences: activation !== 'relu' && activation !== 'hardSigmoid' };
      await checkOp(([x, w, bias]) => matmul(x, w, { bias, activation }), inputs, options);
      await checkOp(([x, w]) => matmul(x, w, { activation }), inputs.slice(0, 2), options);
      await checkOp(
        ([x, w, bias]) => matmul(x, w, { bias, activation }),
        [floats([2, 3, 4], 1), floats([2, 4, 6], 2), floats([6], 3)],
        options,
      );
    },
  );

  it('has gradients over many rows', async () => {
    await checkOp(
      ([x, w, bias]) => matmul(x, w, { bias, activation: 'tanh' }),
      [floats([3000, 12], 1), floats([12, 20], 2), floats([20], 3)],
    );
  });

  it('computes no gradient that nobody asks for', () => {
    const x = zeros([4, 3], 'float32', reference);
    const w = zeros([3, 2], 'float32', reference);
    w.tracked = true;
    const out = matmul(x, w, { bias: zeros([2], 'float32', reference) });
    const before = reference.stats().dispatches;
    const [dx, dw, dbias] = out.node!.pullback([zeros([4, 2], 'float32', reference)]);
    expect([dx, dbias]).toEqual([null, null]);
    expect(dw?.shape).toEqual([3, 2]);
    expect(reference.stats().dispatches - before).toBe(1);
  });

  it('refuses what does not fit', () => {
    const of = (shape: number[], dtype: 'float32' | 'int32' = 'float32') =>
      zeros(shape, dtype, reference);
    expect(() => matmul(of([2, 3]), of([4, 5]))).toThrow(
      /one inner extent, got 3 in float32\[2,3\] and 4 in float32\[4,5\]/,
    );
    expect(() => matmul(of([2, 3]), of([3, 5]), { transposeB: true })).toThrow(
      /5 in float32\[3,5\] \(transposed\)/,
    );
    expect(() => matmul(of([3]), of([3, 5]))).toThrow(/rank 2 or more, got float32\[3\]/);
    expect(() => matmul(of([2, 3], 'int32'), of([3, 5]))).toThrow(/float32 tensors/);
    expect(() => matmul(of([2, 3, 4]), of([3, 4, 5]))).toThrow(
      /leading axes.*: shapes \[2\] and \[3\] do not go together/,
    );
    expect(() => matmul(of([2, 3]), of([3, 5]), { bias: of([3]) })).toThrow(/bias \[5\]/);
  });
});
