import { describe, expect, it } from 'vitest';
import { tensor } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import * as ops from '../../src/ops/map.ts';
import { checkOp } from '../support/check.ts';
import { reference } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';
import type { Host } from '../support/random.ts';

/** Numbers in [0.2, 1.8): good for roots, logarithms and as divisors. */
const positive = (shape: number[], seed: number): Host => {
  const { data } = floats(shape, seed, 0.8);
  return { shape, data: Float32Array.from(data, (x) => 1 + x) };
};

const BINARY: [string, (a: Tensor, b: Tensor) => Tensor, boolean][] = [
  ['add', ops.add, false],
  ['sub', ops.sub, false],
  ['mul', ops.mul, false],
  ['div', ops.div, true],
  ['maximum', ops.maximum, false],
  ['minimum', ops.minimum, false],
  ['pow', ops.pow, true],
];
const SHAPES: [number[], number[]][] = [
  [[], []],
  [[1], [1]],
  [[33], [33]],
  [
    [3, 65],
    [3, 65],
  ],
  [[1025], []],
  [[], [1025]],
  [[7, 33], [33]],
  [
    [6, 32],
    [6, 1],
  ],
  [
    [5, 1],
    [1, 12],
  ],
  [
    [2, 3, 4],
    [3, 1],
  ],
  [
    [3, 1, 5, 1],
    [2, 1, 7],
  ],
  [
    [2, 1, 3, 1, 2, 1],
    [1, 3, 1, 2, 1, 3],
  ],
  [
    [2, 1, 3, 1, 2, 1],
    [1, 3, 1, 2, 1, 4],
  ],
];

describe.each(BINARY)('%s', (_, op, needsPositive) => {
  it.each(SHAPES)('of %j and %j', async (left, right) => {
    const make = needsPositive ? positive : floats;
    await checkOp(([a, b]) => op(a, b), [make(left, 1), make(right, 2)]);
  });

  it('with a number on either side', async () => {
    const x = positive([3, 7], 3);
    const call = op as (a: ops.Operand, b: ops.Operand) => Tensor;
    await checkOp(([a]) => [call(a, 1.5), call(0.75, a)], [x]);
  });
});

const UNARY: [string, (x: Tensor) => Tensor, Host][] = [
  ['neg', ops.neg, floats([1025], 1)],
  ['abs', ops.abs, floats([1025], 1)],
  ['square', ops.square, floats([1025], 1)],
  ['sqrt', ops.sqrt, positive([1025], 1)],
  ['rsqrt', ops.rsqrt, positive([1025], 1)],
  ['reciprocal', ops.reciprocal, positive([1025], 1)],
  ['exp', ops.exp, floats([1025], 1, 4)],
  ['expm1', ops.expm1, floats([1025], 1)],
  ['log', ops.log, positive([1025], 1)],
  ['log1p', ops.log1p, floats([1025], 1, 0.9)],
  ['sin', ops.sin, floats([1025], 1, 50)],
  ['cos', ops.cos, floats([1025], 1, 50)],
  ['erf', ops.erf, floats([1025], 1, 4)],
  ['clip', (x) => ops.clip(x, -0.25, 0.5), floats([1025], 1)],
  ['pow 3', (x) => ops.pow(x, 3), floats([1025], 1, 2)],
  ['pow -2', (x) => ops.pow(x, -2), positive([1025], 1)],
  ['pow 0', (x) => ops.pow(x, 0), floats([33], 1)],
  ['pow 1, 2 and 0.5', (x) => [1, 2, 0.5].map((p) => ops.pow(x, p))[2], positive([33], 1)],
];

describe.each(UNARY)('%s', (_, op, x) => {
  it('of many', () => checkOp(([t]) => op(t), [x]));
  it.each([[[]], [[1]], [[3]], [[3, 5, 1]]])('of shape %j', async (shape) => {
    const size = shape.reduce((a: number, b: number) => a * b, 1);
    await checkOp(([t]) => op(t), [{ shape, data: x.data.slice(0, size) }]);
  });
});

describe('elementwise arithmetic', () => {
  it('has no gradient of sign and floor', async () => {
    const options = { gradient: false };
    const x = floats([65], 5, 3);
    await checkOp(([t]) => [ops.sign(t), ops.floor(t)], [x], options);
  });

  it('shares the gradient of a tie', async () => {
    const a: Host = { shape: [3], data: Float32Array.of(1, 2, 3) };
    const b: Host = { shape: [3], data: Float32Array.of(1, 3, 2) };
    const { gradients } = await checkOp(([x, y]) => ops.maximum(x, y), [a, b], {
      finiteDifferences: false,
    });
    const total = gradients[0]!.map((g, i) => g + gradients[1]![i]);
    expect(gradients[0]![0]).toBeCloseTo(total[0] / 2, 12);
    expect(gradients[0]![1] === 0 && gradients[1]![2] === 0).toBe(true);
  });

  it('raises negative numbers to whole powers, and 0', async () => {
    const a: Host = { shape: [6], data: Float32Array.of(-2, -2, -0.5, 0, 0, 3) };
    const b: Host = { shape: [6], data: Float32Array.of(3, 4, -3, 2, 0, -1) };
    const { outputs } = await checkOp(([x, y]) => ops.pow(x, y), [a, b], { gradient: false });
    expect(Array.from(outputs[0].data)).toEqual([-8, 16, -8, 0, 1, 1 / 3]);
  });

  it('computes with int32', async () => {
    const a = integers([5, 3], 1, -9, 9);
    const b = integers([3], 2, -9, 9);
    const { outputs } = await checkOp(
      ([x, y]) => [
        ops.add(x, y),
        ops.sub(x, 2),
        ops.mul(x, y),
        ops.maximum(x, y),
        ops.minimum(3, y),
      ],
      [a, b],
      { gradient: false },
    );
    expect(outputs[0].data).toBeInstanceOf(Int32Array);
    expect(outputs[1].data[4]).toBe(a.data[4] - 2);
  });

  it('computes nothing of nothing', async () => {
    const none: Host = { shape: [0, 3], data: new Float32Array(0) };
    const { outputs } = await checkOp(
      ([x, y]) => [ops.add(x, y), ops.exp(x)],
      [none, floats([3], 1)],
      { gradient: false },
    );
    expect(outputs.map(({ shape }) => shape)).toEqual([
      [0, 3],
      [0, 3],
    ]);
  });

  it('lets NaN through', async () => {
    const x: Host = { shape: [3], data: Float32Array.of(1, NaN, 2) };
    const all = ([t]: Tensor[]) => [ops.add(t, 1), ops.exp(t), ops.sin(t), ops.log1p(t)];
    const { outputs } = await checkOp(all, [x], { gradient: false });
    for (const { data } of outputs)
      expect(Array.from(data, Number.isNaN)).toEqual([false, true, false]);
  });

  it('says what is wrong', () => {
    const make = (shape: number[], dtype?: 'int32') =>
      tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape, dtype, reference);
    expect(() => ops.add(make([2, 3]), make([2]))).toThrow(
      'add: shapes [2,3] and [2] do not go together; from the last axis on, extents must be the same or 1',
    );
    expect(() => ops.mul(make([2]), make([2], 'int32'))).toThrow(
      'mul: expected operands of one type, got float32[2] and int32[2]; cast one of them',
    );
    expect(() => ops.add(make([2], 'int32'), 0.5)).toThrow(
      'add: expected a whole number beside int32[2], got 0.5; cast the tensor to float32',
    );
    expect(() => ops.div(make([2], 'int32'), 2)).toThrow(
      "div: expected float32 tensors, got int32; cast(x, 'float32') first",
    );
    expect(() => ops.exp(make([2], 'int32'))).toThrow(
      "exp: expected a float32 tensor, got int32[2]; cast(x, 'float32') first",
    );
    expect(() => ops.clip(make([2]), 1, 0)).toThrow('clip: expected low <= high, got 1 and 0');
    expect(() => ops.add(make([1, 2, 1, 2, 1, 2, 1, 2]), make([2, 1, 2, 1, 2, 1, 2, 1]))).toThrow(
      /alternates over 8 axes, at most 6 are possible/,
    );
  });
});
