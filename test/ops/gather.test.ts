import { describe, expect, it } from 'vitest';
import { takeAlong } from '../../src/ops/gather.ts';
import { scatterAdd } from '../../src/ops/scatter_add.ts';
import { tensor } from '../../src/tensor.ts';
import { checkOp } from '../support/check.ts';
import { openAll, reference } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';

const CASES: [number[], number[], number][] = [
  // shape of x, shape of the indices, axis
  [[3, 5], [2, 5], 0],
  [[3, 4, 5], [3, 4, 1], 2],
  [[2, 7, 3], [2, 9, 3], 1],
  [[4], [6], -1],
  [[33, 65], [33, 2], 1],
];

describe('takeAlong', () => {
  it.each(CASES)('x %j, indices %j, axis %i', async (shape, indices, axis) => {
    await checkOp(
      ([x, i]) => takeAlong(x, i, axis),
      [floats(shape, 1), integers(indices, 2, 0, shape.at(axis)!)],
    );
  });

  it('gives NaN for indices that the host did not check', async () => {
    for (const device of await openAll()) {
      const x = tensor([1, 2, 3], [3], 'float32', device);
      const indices = tensor(Int32Array.of(2, 3, -1), [3], 'int32', device);
      indices.range = null;
      expect(Array.from(await takeAlong(x, indices, 0).data())).toEqual([3, NaN, NaN]);
    }
  });

  it('refuses bad input', () => {
    const x = tensor([1, 2, 3], [3], 'float32', reference);
    const indices = (...values: number[]) =>
      tensor(Int32Array.from(values), undefined, 'int32', reference);
    expect(() => takeAlong(x, indices(0, 3), 0)).toThrow(
      'takeAlong: expected indices in 0…2 along axis 0, got 3',
    );
    expect(() => takeAlong(x, tensor([1], [1], 'float32', reference), 0)).toThrow(
      /int32 indices of its shape but for axis 0, got float32\[3\] and float32\[1\]/,
    );
    expect(() => scatterAdd(x, indices(0, 1), x, 0)).toThrow(
      /expected float32 updates of the shape of the indices int32\[2\], got float32\[3\]/,
    );
  });
});

describe('scatterAdd', () => {
  it.each(CASES)('x %j, indices %j, axis %i', async (shape, indices, axis) => {
    await checkOp(
      ([x, i, updates]) => scatterAdd(x, i, updates, axis),
      [floats(shape, 1), integers(indices, 2, 0, shape.at(axis)!), floats(indices, 3)],
    );
  });
});
