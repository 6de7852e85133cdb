import { describe, expect, it } from 'vitest';
import { backward } from '../../src/backward.ts';
import { embedding } from '../../src/ops/embedding.ts';
import type { EmbeddingOptions } from '../../src/ops/embedding.ts';
import { scope, tensor, Variable } from '../../src/tensor.ts';
import type { Tensor } from '../../src/tensor.ts';
import { checkOp } from '../support/check.ts';
import { gpu, openAll, reference } from '../support/devices.ts';
import { floats, generator, integers } from '../support/random.ts';
import type { Host } from '../support/random.ts';

const lookUp =
  (options?: EmbeddingOptions) =>
  ([table, ids]: Tensor[]) =>
    embedding(table, ids, options);

/** Ids as text has them: most are 0 (padding), many are small. */
function skewed(shape: number[], seed: number, vocabulary: number): Host {
  const next = generator(seed);
  const data = Int32Array.from({ length: shape[0] * shape[1] }, () => {
    const x = next();
    return x < 0.6 ? 0 : Math.floor(vocabulary * next() ** 3);
  });
  return { shape, data };
}

describe('embedding', () => {
  it.each([
    // vocabulary, width, shape of ids
    [7, 5, [2, 3]],
    [1, 1, [1]],
    [3, 4, [33]],
    [65, 33, [3, 4, 2]],
    [5, 8, []],
    [60, 32, [16, 50]],
    [11, 3, [257]],
    [300, 6, [9, 70]],
  ])('V=%i E=%i ids %j', async (vocabulary, width, shape) => {
    await checkOp(lookUp(), [floats([vocabulary, width], 1), integers(shape, 2, 0, vocabulary)]);
  });

  it('sums ids that come thousands of times, and those cut by pieces', async () => {
    await checkOp(lookUp(), [floats([700, 8], 1), skewed([64, 100], 2, 700)]);
    const same = { shape: [3000], data: new Int32Array(3000).fill(2) };
    await checkOp(lookUp(), [floats([4, 5], 1), same]);
    // Sorted already, in runs of 48: every second piece of 32 is cut in its middle.
    const runs = Int32Array.from({ length: 960 }, (_, n) => Math.floor(n / 48));
    await checkOp(lookUp(), [floats([20, 4], 1), { shape: [960], data: runs }]);
  });

  it.each([5, 500])('gives the row of paddingId no gradient (%i ids)', async (count) => {
    const ids = integers([count], 3, 0, 4);
    const { gradients } = await checkOp(
      lookUp({ paddingId: 2 }),
      [floats([4, 3], 1), ids],
      // A row without a gradient still has a derivative.
      { finiteDifferences: false },
    );
    expect(ids.data).toContain(2);
    expect(Array.from(gradients[0]!.subarray(6, 9))).toEqual([0, 0, 0]);
  });

  it('has zero gradients and an empty result for no ids', async () => {
    const { outputs, gradients } = await checkOp(lookUp(), [
      floats([3, 4], 1),
      { shape: [0, 2], data: new Int32Array(0) },
    ]);
    expect(outputs[0].shape).toEqual([0, 2, 4]);
    expect(Array.from(gradients[0]!)).toEqual(new Array(12).fill(0));
  });

  it('gives the same bits twice, in dispatches that the number of ids does not change', async () => {
    const device = await gpu();
    const gradient = async (count: number) => {
      const host = floats([900, 64], 1);
      const ids = skewed([count, 10], 5, 900);
      const seedHost = floats([count, 10, 64], 6);
      const { result, dispatches } = scope(() => {
        const plain = tensor(host.data, host.shape, 'float32', device);
        const table = new Variable(device, plain.storage, [900, 64], 'table', true);
        const out = embedding(table, tensor(ids.data, ids.shape, 'int32', device));
        const seed = tensor(seedHost.data, seedHost.shape, 'float32', device);
        const before = device.stats().dispatches;
        const found = backward(out, [seed]).get(table)!;
        return { result: found, dispatches: device.stats().dispatches - before };
      });
      const data = await result.data();
      result.dispose();
      return { data, dispatches };
    };
    const [a, b, c] = [await gradient(300), await gradient(300), await gradient(1000)];
    expect(a.data).toEqual(b.data);
    expect(a.dispatches).toBe(c.dispatches);
    expect(a.dispatches).toBeLessThanOrEqual(6);
  });

  it('reads nothing out of bounds: NaN for ids that the host did not check', async () => {
    for (const device of await openAll()) {
      const table = tensor(floats([3, 4], 1).data, [3, 4], 'float32', device);
      const ids = tensor(Int32Array.of(1, 3, -1), [3], 'int32', device);
      ids.range = null;
      const data = await embedding(table, ids).data();
      expect(Array.from(data.subarray(0, 4))).toEqual(
        Array.from((await table.data()).subarray(4, 8)),
      );
      expect(Array.from(data.subarray(4))).toEqual(new Array(8).fill(NaN));
    }
  });

  it('refuses bad input', () => {
    const table = tensor(floats([4, 3], 1).data, [4, 3], 'float32', reference);
    const ids = (...values: number[]) =>
      tensor(Int32Array.from(values), undefined, 'int32', reference);
    expect(() => embedding(table, ids(0, 4), { name: 'embedding_1' })).toThrow(
      'embedding_1: expected ids in 0…3 (a table of 4 rows), got 4',
    );
    expect(() => embedding(table, ids(0, -2))).toThrow(/expected ids in 0…3 .* got -2/);
    expect(() => embedding(table, tensor([1], [1], 'float32', reference))).toThrow(
      /expected int32 ids, got float32\[1\]/,
    );
    expect(() => embedding(ids(1, 2), ids(0))).toThrow(/expected a float32 table \[V, E\]/);
    expect(() => embedding(table, ids(0), { paddingId: 4 })).toThrow(/paddingId in 0…3, got 4/);
  });
});
