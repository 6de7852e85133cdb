import { describe, expect, it } from 'vitest';
import { topK } from '../../src/ops/top_k.ts';
import { tensor } from '../../src/tensor.ts';
import { checkOp } from '../support/check.ts';
import { openAll, reference } from '../support/devices.ts';
import { floats, integers } from '../support/random.ts';
import type { Host } from '../support/random.ts';

const both =
  (k: number) =>
  ([x]: Parameters<typeof topK>[0][]) => {
    const { values, indices } = topK(x, k);
    return [values, indices];
  };

describe('topK', () => {
  it.each([
    [[5], 3],
    [[3, 4, 5], 2],
    [[1, 1], 1],
    [[67, 33], 5],
    [[130, 7], 7],
  ])('of x %j, the %i largest', async (shape, k) => {
    const { outputs } = await checkOp(([x]) => topK(x, k).values, [floats(shape, 1)]);
    expect(outputs[0].shape).toEqual([...shape.slice(0, -1), k]);
    await checkOp(both(k), [floats(shape, 1)], { gradient: false });
  });

  it('sorts rows, equal ones in their order', async () => {
    const x: Host = integers([40, 9], 2, -2, 3);
    const data = Float32Array.from(x.data);
    for (const device of await openAll()) {
      const { values, indices } = topK(tensor(data, x.shape, 'float32', device), 9);
      const [found, where] = [await values.data(), await indices.data()];
      for (let r = 0; r < 40; r++) {
        const row = Array.from(data.subarray(9 * r, 9 * r + 9));
        const order = row.map((_, c) => c).sort((a, b) => row[b] - row[a] || a - b);
        expect(Array.from(where.subarray(9 * r, 9 * r + 9))).toEqual(order);
        expect(Array.from(found.subarray(9 * r, 9 * r + 9))).toEqual(order.map((c) => row[c]));
      }
    }
  });

  it('knows infinities', async () => {
    for (const device of await openAll()) {
      const { values, indices } = topK(
        tensor([-Infinity, 1, Infinity, -Infinity], [4], 'float32', device),
        4,
      );
      expect(Array.from(await values.data())).toEqual([Infinity, 1, -Infinity, -Infinity]);
      expect(Array.from(await indices.data())).toEqual([2, 1, 0, 3]);
    }
  });

  it('refuses bad input', () => {
    const x = tensor([1, 2, 3], [3], 'float32', reference);
    for (const k of [0, 4, 1.5])
      expect(() => topK(x, k)).toThrow(
        `topK: expected k from 1 to the extent of the last axis, got ${k} for float32[3]; ask for fewer`,
      );
    expect(() => topK(tensor(1, [], 'float32', reference), 1)).toThrow(/got 1 for float32\[\]/);
    expect(() => topK(tensor(Int32Array.of(1), [1], 'int32', reference), 1)).toThrow(
      'topK: expected a float32 tensor, got int32[1]',
    );
  });
});
