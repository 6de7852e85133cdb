/** Datasets: what they give, in which order, and when. */
import { describe, expect, it } from 'vitest';
import { Dataset } from '../../src/data/dataset.ts';

const ten = (): Dataset<number> => Dataset.of([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
const sorted = (numbers: number[]): number[] => [...numbers].sort((a, b) => a - b);

describe('sources', () => {
  it('are lists, rows of arrays and generators', async () => {
    expect(await Dataset.of(['a', 'b']).toArray()).toEqual(['a', 'b']);
    const x = { data: Int32Array.of(1, 2, 3, 4), shape: [2, 2] };
    const rows = Dataset.fromArrays({ x, y: [0, 1], z: Float32Array.of(5, 6), s: ['u', 'v'] });
    expect(rows.size).toBe(2);
    expect(await rows.toArray()).toEqual([
      { x: Int32Array.of(1, 2), y: 0, z: 5, s: 'u' },
      { x: Int32Array.of(3, 4), y: 1, z: 6, s: 'v' },
    ]);
    const deep = Dataset.fromArrays({ data: [1, 2, 3, 4], shape: [1, 2, 2] });
    expect(await deep.toArray()).toEqual([{ data: [1, 2, 3, 4], shape: [2, 2] }]);
    const epochs = Dataset.fromGenerator(async function* (epoch) {
      yield `${epoch}`;
    });
    expect(epochs.size).toBeNull();
    expect(await epochs.toArray()).toEqual(['0']);
    expect(await epochs.toArray()).toEqual(['1']);
    expect(await Dataset.fromGenerator(() => [1, 2]).toArray()).toEqual([1, 2]);
  });

  it('must have as many rows in every array', () => {
    expect(() => Dataset.fromArrays({ x: [1, 2], y: [1] })).toThrow(/2 in 'x' and 1 in 'y'/);
    expect(() => Dataset.fromArrays({ data: [1, 2, 3], shape: [2, 2] })).toThrow(/\[2,2\].* 3 val/);
    expect(() => Dataset.fromArrays(7)).toThrow(/expected lists, typed arrays/);
  });
});

describe('elements', () => {
  it('are mapped, filtered, taken and skipped', async () => {
    const squares = ten().map(async (n, index) => n * index);
    expect(squares.size).toBe(10);
    expect(await squares.take(4).toArray()).toEqual([0, 1, 4, 9]);
    const odd = ten().filter((n) => n % 2 === 1);
    expect(odd.size).toBeNull();
    expect(await odd.skip(1).toArray()).toEqual([3, 5, 7, 9]);
    expect([ten().take(3).size, ten().take(30).size, ten().skip(30).size]).toEqual([3, 10, 0]);
    expect(await ten().take(0).toArray()).toEqual([]);
    expect(() => ten().take(-1)).toThrow(/take: expected a whole number of at least 0, got -1/);
  });

  it('are made only when they are asked for, and their source is closed', async () => {
    const made: number[] = [];
    let closed = 0;
    const endless = Dataset.fromGenerator(function* () {
      try {
        for (let n = 0; ; n++) {
          made.push(n);
          yield n;
        }
      } finally {
        closed++;
      }
    });
    expect(
      await endless
        .map((n) => n)
        .take(3)
        .toArray(),
    ).toEqual([0, 1, 2]);
    expect(made).toEqual([0, 1, 2]);
    expect(closed).toBe(1);
    for await (const n of endless.prefetch(2)) if (n === 1) break;
    expect(closed).toBe(2);
  });

  it('are repeated, each time as an epoch of its own', async () => {
    const epochs = Dataset.fromGenerator((epoch) => [epoch, 10 + epoch]).repeat(2);
    expect(await epochs.toArray()).toEqual([0, 10, 1, 11]);
    expect(await epochs.toArray()).toEqual([2, 12, 3, 13]);
    expect(ten().repeat(3).size).toBe(30);
    expect(ten().repeat().size).toBe(Infinity);
    expect(await ten().repeat().skip(9).take(3).toArray()).toEqual([9, 0, 1]);
    expect(await Dataset.of([]).repeat().toArray()).toEqual([]);
  });

  it('are kept by cache once an epoch came to its end', async () => {
    let epochs = 0;
    const source = Dataset.fromGenerator(() => {
      epochs++;
      return [1, 2, 3];
    }).cache();
    expect(await source.take(1).toArray()).toEqual([1]);
    expect(await source.toArray()).toEqual([1, 2, 3]);
    expect(await source.toArray()).toEqual([1, 2, 3]);
    expect(epochs).toBe(2);
  });

  it('are prefetched: no more and no fewer than asked for, failures in their place', async () => {
    let made = 0;
    const source = ten().map((n) => {
      made++;
      if (n === 4) throw new Error('four');
      return n;
    });
    const iterator = source.prefetch(2).epoch(0);
    expect((await iterator.next()).value).toBe(0);
    await new Promise((done) => setTimeout(done, 5));
    expect(made).toBe(3);
    const seen: number[] = [];
    const rest = async (): Promise<void> => {
      for await (const n of iterator) seen.push(n);
    };
    await expect(rest()).rejects.toThrow(/four/);
    expect(seen).toEqual([1, 2, 3]);
  });
});

describe('shuffle', () => {
  it('gives every epoch an order of its own, by seed and epoch alone', async () => {
    const [a, b, other] = [ten().shuffle(1), ten().shuffle(1), ten().shuffle(2)];
    const first = await a.toArray();
    const second = await a.toArray();
    expect(sorted(first)).toEqual(await ten().toArray());
    expect(second).not.toEqual(first);
    expect(sorted(second)).toEqual(sorted(first));
    expect(await b.toArray()).toEqual(first);
    expect(await other.toArray()).not.toEqual(first);
    const again: number[] = [];
    for await (const n of a.epoch(1)) again.push(n);
    expect(again).toEqual(second);
    expect(() => ten().shuffle(-1)).toThrow(/shuffle: seed: expected a whole number of at least 0/);
    const fixed = ten().shuffle(1, { reshuffleEachIteration: false });
    expect(await fixed.toArray()).toEqual(await fixed.toArray());
  });

  it('lets nothing come earlier than its buffer allows', async () => {
    const source = Dataset.fromGenerator(() => Array.from({ length: 200 }, (_, n) => n));
    expect(() => source.shuffle(0)).toThrow(/expected bufferSize, since the dataset does not know/);
    const order = await source.shuffle(0, { bufferSize: 10 }).toArray();
    expect(sorted(order)).toEqual(await source.toArray());
    expect(order).not.toEqual(sorted(order));
    order.forEach((n, at) => expect(n).toBeLessThan(at + 10));
  });

  it('is even: each of three elements comes first about as often', async () => {
    const shuffled = Dataset.of([0, 1, 2]).shuffle(5);
    const first = [0, 0, 0];
    for (let epoch = 0; epoch < 600; epoch++) {
      const { value } = await shuffled.epoch(epoch).next();
      first[value as number]++;
    }
    for (const count of first) expect(Math.abs(count - 200)).toBeLessThan(60);
  });
});

describe('split', () => {
  it('cuts into parts that follow each other', async () => {
    const [a, b] = ten().split(0.8);
    expect([a.size, b.size]).toEqual([8, 2]);
    expect(await a.toArray()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(await b.toArray()).toEqual([8, 9]);
    // 0.7 + 0.2 + 0.1 is less than 1 in floating point; nothing may be lost.
    const thirds = ten().split([0.7, 0.2, 0.1]);
    expect(await Promise.all(thirds.map((part) => part.toArray()))).toEqual([
      [0, 1, 2, 3, 4, 5, 6],
      [7, 8],
      [9],
    ]);
    // 0.29 · 100 is less than 29 in floating point.
    expect(Dataset.of(Array.from({ length: 100 })).split(0.29)[0].size).toBe(29);
  });

  it('counts what does not know its size, once', async () => {
    let epochs = 0;
    const source = Dataset.fromGenerator(() => {
      epochs++;
      return [1, 2, 3, 4];
    });
    const [a, b] = source.split([0.5, 0.25]);
    expect(await a.toArray()).toEqual([1, 2]);
    expect(await b.toArray()).toEqual([3]);
    expect(epochs).toBe(3);
  });

  it('draws the parts by a seed, each element in exactly one, the same every epoch', async () => {
    const source = Dataset.of(Array.from({ length: 1000 }, (_, n) => n));
    const parts = source.split([0.8, 0.2], { seed: 3 });
    const [a, b] = await Promise.all(parts.map((part) => part.toArray()));
    expect(sorted([...a, ...b])).toEqual(await source.toArray());
    expect(a).toEqual(sorted(a));
    expect(Math.abs(a.length - 800)).toBeLessThan(50);
    expect(await parts[1].toArray()).toEqual(b);
  });

  it('of a cache reads once, and lets nothing wander from part to part', async () => {
    let opened = 0;
    const source = Dataset.fromGenerator(
      () => {
        opened++;
        return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
      },
      { size: 10 },
    );
    for (const options of [{}, { seed: 4 }]) {
      opened = 0;
      const [a, b] = source.shuffle(1).cache().split(0.5, options);
      const first = [await a.toArray(), await b.toArray()];
      expect(sorted(first.flat())).toEqual(await ten().toArray());
      for (let round = 0; round < 2; round++)
        expect([await a.toArray(), await b.toArray()]).toEqual(first);
      expect(opened).toBe(1);
    }
    // Nor where a part is left early, or both are read at once.
    const [a, b] = source.shuffle(1).cache().split(0.5, { seed: 4 });
    const [one] = await a.take(1).toArray();
    const [left, right] = await Promise.all([a.toArray(), b.toArray()]);
    expect(left[0]).toBe(one);
    expect(sorted([...left, ...right])).toEqual(await ten().toArray());
  });

  it('refuses what would mix the parts', async () => {
    expect(() => ten().shuffle(1).map(String).split(0.5)).toThrow(/wander from part to part/);
    expect(() => ten().repeat().split(0.5)).toThrow(/expected a dataset that ends/);
    expect(() => ten().split([0.5, 0.6])).toThrow(/add up to at most 1, got 0.5, 0.6/);
    const fixed = ten().shuffle(1, { reshuffleEachIteration: false });
    const [a, b] = fixed.split(0.5);
    expect([...(await a.toArray()), ...(await b.toArray())]).toEqual(await fixed.toArray());
  });
});
