import { describe, expect, it } from 'vitest';
import * as ops from '../../src/ops/shape.ts';
import { tensor } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { checkOp, compute } from '../support/check.ts';
import { gpu, reference, testedDevices } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';

const permutations = (n: number): number[][] =>
  n === 0
    ? [[]]
    : permutations(n - 1).flatMap((p) =>
        Array.from({ length: n }, (_, i) => [...p.slice(0, i), n - 1, ...p.slice(i)]),
      );

/** Integers take the same way as floats, bit by bit. */
async function checkIntegers(build: (x: Tensor) => Tensor, shape: number[]): Promise<void> {
  const host = integers(shape, 5, -(2 ** 31), 2 ** 31);
  const options = { gradient: false };
  const expected = await compute(reference, ([x]) => build(x), [host], options);
  for (const { open } of testedDevices) {
    const device = await open({ poison: true });
    expect(await compute(device, ([x]) => build(x), [host], options)).toEqual(expected);
  }
  expect(expected.outputs[0].data).toBeInstanceOf(Int32Array);
}

describe('transpose', () => {
  it('puts axes in any order', async () => {
    for (const permutation of permutations(4))
      await checkOp(([x]) => ops.transpose(x, permutation), [floats([3, 4, 5, 8], 1)]);
    const { outputs } = await checkOp(([x]) => ops.transpose(x), [floats([2, 3], 2)]);
    const x = floats([2, 3], 2).data;
    expect(Array.from(outputs[0].data)).toEqual([x[0], x[3], x[1], x[4], x[2], x[5]]);
    expect(outputs[0].shape).toEqual([3, 2]);
  });

  it('moves vectors and blocks of four, and integers', async () => {
    for (const [shape, permutation] of [
      [
        [7, 9, 12],
        [1, 0, 2],
      ],
      [
        [36, 68],
        [1, 0],
      ],
      [
        [3, 20, 24],
        [0, 2, 1],
      ],
      [
        [3, 20, 24],
        [2, 0, 1],
      ],
      [
        [4, 3, 8],
        [2, 1, 0],
      ],
      [
        [8, 6, 7],
        [1, 2, 0],
      ],
      [
        [65, 33],
        [1, 0],
      ],
    ] as const) {
      await checkOp(([x]) => ops.transpose(x, permutation), [floats([...shape], 3)]);
      await checkIntegers((x) => ops.transpose(x, permutation), [...shape]);
    }
  });

  it('takes six axes and empty tensors', async () => {
    const reverse = [5, 3, 1, 4, 2, 0];
    await checkOp(([x]) => ops.transpose(x, reverse), [floats([2, 3, 2, 3, 2, 3], 4)]);
    await checkOp(([x]) => ops.transpose(x), [floats([3, 0], 4)]);
    await checkOp(([x]) => ops.transpose(x), [floats([], 4)]);
  });

  it('refuses what is no permutation', () => {
    const x = tensor([[1, 2]], undefined, undefined, reference);
    expect(() => ops.transpose(x, [0, 0])).toThrow(/each of the 2 axes/);
    expect(() => ops.transpose(x, [0])).toThrow(/each of the 2 axes/);
    expect(() => ops.transpose(x, [0, 2])).toThrow(/axis from -2 to 1/);
  });
});

describe('reshape, expandDims and squeeze', () => {
  it('share the storage', async () => {
    const d = await gpu();
    const x = tensor(Int32Array.of(1, 2, 3, 4, 5, 6), [1, 2, 1, 3], 'int32', d);
    const before = d.stats();
    expect(ops.reshape(x, [3, -1]).shape).toEqual([3, 2]);
    expect(ops.reshape(x, [6]).range).toEqual([1, 6]);
    expect(ops.expandDims(x, -1).shape).toEqual([1, 2, 1, 3, 1]);
    expect(ops.expandDims(x, 1).shape).toEqual([1, 1, 2, 1, 3]);
    expect(ops.squeeze(x).shape).toEqual([2, 3]);
    expect(ops.squeeze(x, -2).shape).toEqual([1, 2, 3]);
    expect(ops.squeeze(x, [0, 2]).shape).toEqual([2, 3]);
    expect(d.stats()).toEqual(before);
    await checkOp(
      ([y]) => ops.squeeze(ops.expandDims(ops.reshape(y, [-1]), 0)),
      [floats([3, 5], 1)],
    );
  });

  it('refuse what does not fit', () => {
    const x = tensor([[1, 2, 3]], undefined, undefined, reference);
    expect(() => ops.reshape(x, [2, 2])).toThrow(/3 elements, which do not make \[2,2\]/);
    expect(() => ops.reshape(x, [-1, 2])).toThrow(/do not make/);
    expect(() => ops.reshape(x, [-1, -1])).toThrow(/do not make/);
    expect(() => ops.squeeze(x, 1)).toThrow(/extent of 1 on axis 1/);
    expect(() => ops.expandDims(x, 3)).toThrow(/axis from -3 to 2/);
  });
});

describe('slice, split and unstack', () => {
  it('take boxes', async () => {
    for (const [begin, size] of [
      [
        [0, 0, 0],
        [-1, -1, -1],
      ],
      [
        [1, 2, 3],
        [2, 1, 4],
      ],
      [
        [2, 0, 4],
        [1, 5, 8],
      ],
      [
        [0, 4, 0],
        [3, 0, 12],
      ],
    ])
      await checkOp(([x]) => ops.slice(x, begin, size), [floats([3, 5, 12], 1)]);
    await checkIntegers((x) => ops.slice(x, [1, 4], [2, 4]), [3, 12]);
  });

  it('cut into parts', async () => {
    const x = floats([3, 6, 4], 2);
    await checkOp(([y]) => ops.split(y, 2, 1), [x]);
    await checkOp(([y]) => ops.split(y, [1, 0, 5], -2), [x]);
    await checkOp(([y]) => ops.unstack(y, 1), [x]);
    // A part that nothing uses has gradient 0.
    await checkOp(([y]) => ops.split(y, 3, 1)[1], [x]);
  });

  it('refuse what does not fit', () => {
    const x = tensor([1, 2, 3], undefined, undefined, reference);
    expect(() => ops.slice(x, [1], [3])).toThrow(/box of \[3\] from \[1\] on does not lie in/);
    expect(() => ops.slice(x, [-1], [1])).toThrow(/does not lie/);
    expect(() => ops.slice(x, [0, 0], [1])).toThrow(/expected 1 begins/);
    expect(() => ops.split(x, 2)).toThrow(/do not make 2 equal parts/);
    expect(() => ops.split(x, [1, 1])).toThrow(/\[1,1\] do not sum to/);
  });
});

describe('concat and stack', () => {
  it('join along any axis', async () => {
    for (const axis of [0, 1, 2, -1]) {
      const shapes = [2, 1, 4].map((extent) => {
        const shape = [3, 5, 4];
        shape[(axis + 3) % 3] = extent;
        return shape;
      });
      await checkOp(
        (xs) => ops.concat(xs, axis),
        shapes.map((shape, i) => floats(shape, i)),
      );
    }
    for (const axis of [0, 1, 2, -1])
      await checkOp((xs) => ops.stack(xs, axis), [floats([3, 4], 1), floats([3, 4], 2)]);
    await checkIntegers((x) => ops.concat([x, x], 1), [3, 4]);
  });

  it('keep the range of integers', () => {
    const x = tensor(Int32Array.of(1, 5), undefined, undefined, reference);
    const y = tensor(Int32Array.of(-2, 3), undefined, undefined, reference);
    expect(ops.concat([x, y]).range).toEqual([-2, 5]);
    expect(ops.stack([x, y]).range).toEqual([-2, 5]);
    expect(ops.pad(x, [[1, 0]], 9).range).toEqual([1, 9]);
  });

  it('refuse what does not fit', () => {
    const x = tensor([[1, 2]], undefined, undefined, reference);
    const y = tensor([[1], [2]], undefined, undefined, reference);
    expect(() => ops.concat([x, y])).toThrow(/differ on axis 0 alone, .* and float32\[2,1\] at 1/);
    expect(() => ops.stack([x, y])).toThrow(/of one shape and type/);
    expect(() => ops.concat([])).toThrow(/at least one/);
  });
});

describe('flip, pad and take', () => {
  it('flip axes', async () => {
    for (const axis of [0, 1, -1, [0, 2], [0, 1, 2]])
      await checkOp(([x]) => ops.flip(x, axis), [floats([3, 4, 8], 1)]);
    await checkIntegers((x) => ops.flip(x, 1), [3, 4]);
  });

  it('pad', async () => {
    await checkOp(
      ([x]) =>
        ops.pad(
          x,
          [
            [1, 2],
            [0, 0],
            [0, 3],
          ],
          0.5,
        ),
      [floats([2, 3, 4], 1)],
    );
    await checkOp(
      ([x]) =>
        ops.pad(x, [
          [0, 0],
          [4, 4],
        ]),
      [floats([5, 8], 1)],
    );
    await checkIntegers(
      (x) =>
        ops.pad(x, [
          [1, 1],
          [2, 0],
        ]),
      [3, 4],
    );
    await checkIntegers(
      (x) =>
        ops.pad(
          x,
          [
            [1, 1],
            [2, 0],
          ],
          -7,
        ),
      [3, 4],
    );
    const x = tensor([1], undefined, undefined, reference);
    expect(() => ops.pad(x, [[1, -1]])).toThrow(/pairs \[before, after\]/);
  });

  it('pad by reflecting', async () => {
    const x = tensor([[1, 2, 3]], undefined, undefined, reference);
    const widths: [number, number][] = [
      [0, 0],
      [2, 1],
    ];
    expect(await ops.pad(x, widths, 'reflect').array()).toEqual([[3, 2, 1, 2, 3, 2]]);
    await checkOp(
      ([x]) =>
        ops.pad(
          x,
          [
            [1, 0],
            [0, 0],
            [3, 2],
          ],
          'reflect',
        ),
      [floats([2, 3, 4], 1)],
    );
    await checkIntegers((x) => ops.pad(x, widths, 'reflect'), [3, 4]);
    expect(() => ops.pad(x, [widths[0], [0, 3]], 'reflect')).toThrow(
      /below 3 on axis 1 of float32\[1,3\].*got \[0,3\]/,
    );
    expect(() => ops.pad(x, widths, 'mirror' as 'reflect')).toThrow(
      /value to be a finite number or 'reflect'/,
    );
  });

  it('take slices by index', async () => {
    const indices = integers([2, 3], 4, 0, 4);
    for (const axis of [0, 1, 2])
      await checkOp(([x, i]) => ops.take(x, i, axis), [floats([4, 5, 6], 1), indices]);
  });
});

describe('broadcastTo, tile and repeat', () => {
  it('repeat along axes', async () => {
    await checkOp(([x]) => ops.broadcastTo(x, [3, 4, 5]), [floats([1, 4, 1], 1)]);
    await checkOp(([x]) => ops.broadcastTo(x, [2, 3, 4, 8]), [floats([4, 8], 1)]);
    await checkOp(([x]) => ops.broadcastTo(x, [3, 4]), [floats([], 1)]);
    await checkOp(([x]) => ops.broadcastTo(x, [3, 4]), [floats([3, 4], 1)]);
    await checkOp(([x]) => ops.tile(x, [2, 1, 3]), [floats([2, 3, 4], 1)]);
    await checkOp(([x]) => ops.tile(x, [3, 2]), [floats([5, 8], 1)]);
    for (const axis of [0, 1, -1])
      await checkOp(([x]) => ops.repeat(x, 3, axis), [floats([2, 3, 4], 1)]);
    await checkIntegers((x) => ops.tile(x, [2, 3]), [3, 4]);
  });

  it('put the copies where NumPy puts them', async () => {
    const x = tensor([[1, 2]], undefined, undefined, reference);
    expect(await ops.tile(x, [2, 2]).array()).toEqual([
      [1, 2, 1, 2],
      [1, 2, 1, 2],
    ]);
    expect(await ops.repeat(x, 2, 1).array()).toEqual([[1, 1, 2, 2]]);
  });

  it('refuse what does not fit', () => {
    const x = tensor([[1, 2]], undefined, undefined, reference);
    expect(() => ops.broadcastTo(x, [2])).toThrow(/does not fit \[2\]/);
    expect(() => ops.broadcastTo(x, [2, 3])).toThrow(/does not fit/);
    expect(() => ops.tile(x, [2])).toThrow(/expected 2 whole numbers/);
    expect(() => ops.repeat(x, -1, 0)).toThrow(
      /expected repeats to be a whole number from 0 on, got -1/,
    );
  });
});
