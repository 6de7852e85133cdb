import { describe, expect, it } from 'vitest';
import * as ops from '../../src/ops/compare.ts';
import { tensor } from '../../src/tensor.ts';
import { checkOp } from '../support/check.ts';
import { reference } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';
import type { Host } from '../support/random.ts';

const COMPARISONS = [
  ['equal', ops.equal, (a: number, b: number) => a === b],
  ['notEqual', ops.notEqual, (a: number, b: number) => a !== b],
  ['greater', ops.greater, (a: number, b: number) => a > b],
  ['greaterEqual', ops.greaterEqual, (a: number, b: number) => a >= b],
  ['less', ops.less, (a: number, b: number) => a < b],
  ['lessEqual', ops.lessEqual, (a: number, b: number) => a <= b],
] as const;

describe.each(COMPARISONS)('%s', (_, op, holds) => {
  const whole = integers([65, 7], 1, -2, 3);
  const other = integers([65, 1], 2, -2, 3);
  const asFloats = ({ shape, data }: Host): Host => ({ shape, data: Float32Array.from(data) });

  it.each([
    ['int32', whole, other],
    ['float32', asFloats(whole), asFloats(other)],
  ])('of %s', async (_, a, b) => {
    const { outputs } = await checkOp(([x, y]) => [op(x, y), op(x, 1), op(1, x)], [a, b], {
      gradient: false,
    });
    const expected = Int32Array.from(a.data, (x, i) => +holds(x, b.data[Math.floor(i / 7)]));
    expect(outputs[0].data).toEqual(expected);
    expect(outputs[1].data).toEqual(Int32Array.from(a.data, (x) => +holds(x, 1)));
    expect(outputs[2].data).toEqual(Int32Array.from(a.data, (x) => +holds(1, x)));
  });
});

describe('where', () => {
  const bits = (shape: number[]) => integers(shape, 4, 0, 2);

  it.each([
    [[33], [33], [33]],
    [[5, 4], [5, 1], [4]],
    [[5, 1], [1, 7], []],
    [[], [3, 65], [65]],
    [
      [2, 1, 3],
      [4, 1],
      [2, 4, 3],
    ],
  ])('of %j, %j and %j', async (c, a, b) => {
    await checkOp(
      ([condition, x, y]) => ops.where(condition, x, y),
      [bits(c), floats(a, 5), floats(b, 6)],
    );
  });

  it('takes numbers', async () => {
    await checkOp(
      ([c, x]) => [ops.where(c, x, -10), ops.where(c, 0.5, x)],
      [bits([7, 1]), floats([7, 9], 5)],
    );
    const { outputs } = await checkOp(([c]) => ops.where(c, 2, 3), [bits([9])], {
      gradient: false,
    });
    expect(outputs[0].data).toEqual(Float64Array.from(bits([9]).data, (c) => (c ? 2 : 3)));
  });

  it('takes int32, and stops what it does not choose', async () => {
    const { outputs } = await checkOp(
      ([c, x, y]) => ops.where(c, x, y),
      [bits([40]), integers([40], 1, 0, 9), integers([40], 2, -9, 0)],
      { gradient: false },
    );
    expect(outputs[0].data).toBeInstanceOf(Int32Array);
    const c: Host = { shape: [2], data: Int32Array.of(1, 0) };
    const x: Host = { shape: [2], data: Float32Array.of(1, NaN) };
    const run = await checkOp(([t, u]) => ops.where(t, u, 7), [c, x], { finiteDifferences: false });
    expect(Array.from(run.outputs[0].data)).toEqual([1, 7]);
    expect(run.gradients[1]![1]).toBe(0);
  });

  it('says what is wrong', () => {
    const t = tensor([1, 2], [2], 'float32', reference);
    expect(() => ops.where(t, t, t)).toThrow(
      'where: expected an int32 condition, got float32[2]; compare first, as in greater(x, 0)',
    );
  });
});

describe('cast', () => {
  it('drops fractions, and back', async () => {
    const x: Host = { shape: [5], data: Float32Array.of(-1.7, -0.2, 0, 2.9, 1e6) };
    const { outputs } = await checkOp(
      ([t]) => [ops.cast(t, 'int32'), ops.cast(ops.cast(t, 'int32'), 'float32')],
      [x],
      { gradient: false },
    );
    expect(Array.from(outputs[0].data, (v) => v + 0)).toEqual([-1, 0, 0, 2, 1e6]);
    expect(outputs[0].data).toBeInstanceOf(Int32Array);
    expect(outputs[1].data).toBeInstanceOf(Float64Array);
    const t = tensor([1], [1], 'float32', reference);
    expect(ops.cast(t, 'float32')).toBe(t);
  });
});
