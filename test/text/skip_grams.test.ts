/** Skip-gram pairs: the real ones by hand, the random ones by what must hold of them. */
import { describe, expect, it } from 'vitest';
import { makeSamplingTable, skipGrams } from '../../src/text/index.ts';

type Options = Parameters<typeof skipGrams>[2];

function pairs(sequence: number[], size: number, options: Options) {
  const { couples, labels } = skipGrams(sequence, size, options);
  expect(couples.shape).toEqual([couples.data.length / 2, 2]);
  expect(couples.data).toBeInstanceOf(Int32Array);
  return Array.from({ length: couples.shape[0] }, (_, k) => ({
    pair: [...couples.data.slice(2 * k, 2 * k + 2)],
    label: labels.data[k],
  }));
}

describe('skipGrams', () => {
  it('pairs each word with those of its window, and skips 0', () => {
    const options = { windowSize: 1, negativeSamples: 0, shuffle: false };
    expect(pairs([1, 2, 0, 3, 4], 5, options)).toEqual([
      { pair: [1, 2], label: 1 },
      { pair: [2, 1], label: 1 },
      { pair: [3, 4], label: 1 },
      { pair: [4, 3], label: 1 },
    ]);
    expect(pairs([1, 2, 3, 4, 5, 6], 7, { negativeSamples: 0 })).toHaveLength(28);
  });

  it('adds random pairs of the same first words', () => {
    const all = pairs([1, 2, 3], 50, {
      windowSize: 2,
      negativeSamples: 2,
      shuffle: false,
      seed: 1,
    });
    expect(all.map(({ label }) => label)).toEqual([...Array(6).fill(1), ...Array(12).fill(0)]);
    const random = all.slice(6).map(({ pair }) => pair);
    const firsts = random.map(([first]) => first).sort((a, b) => a - b);
    expect(firsts).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
    expect(random.every(([, word]) => word >= 1 && word < 50)).toBe(true);
    expect(new Set(random.map(([, word]) => word)).size).toBeGreaterThan(5);
    expect(pairs([1, 2], 5, { negativeSamples: 0.5 })).toHaveLength(3);
  });

  it('shuffles pairs together with their labels, the same for the same seed', () => {
    const sequence = Array.from({ length: 40 }, (_, k) => k + 1);
    const options = { windowSize: 1, seed: 3 };
    const plain = pairs(sequence, 41, { ...options, shuffle: false });
    const mixed = pairs(sequence, 41, options);
    const written = (all: typeof mixed) => all.map(({ pair, label }) => `${pair} ${label}`);
    expect(written(mixed)).not.toEqual(written(plain));
    expect(written(mixed).sort()).toEqual(written(plain).sort());
    expect(pairs(sequence, 41, options)).toEqual(mixed);
    expect(pairs(sequence, 41, { ...options, seed: 4 })).not.toEqual(mixed);
  });

  it('labels by class if asked', () => {
    const { labels } = skipGrams([1, 2], 3, { categorical: true, shuffle: false, seed: 0 });
    expect(labels.shape).toEqual([4, 2]);
    expect([...labels.data]).toEqual([0, 1, 0, 1, 1, 0, 1, 0]);
  });

  it('leaves frequent words out as first ones', () => {
    const options = { windowSize: 1, negativeSamples: 0, samplingTable: [0, 1, 0] };
    const all = pairs([1, 2, 1, 2], 3, options);
    expect(all.map(({ pair }) => pair[0])).toEqual([1, 1, 1]);
  });

  it('leaves words out as often as the sampling table says', () => {
    const sequence = Array.from({ length: 4000 }, (_, k) => 1 + (k % 2));
    const options = { windowSize: 1, negativeSamples: 0, samplingTable: [0, 0.25, 1], seed: 2 };
    const all = pairs(sequence, 3, options);
    const share = (word: number) => all.filter(({ pair }) => pair[0] === word).length / 4000;
    expect(share(2)).toBeCloseTo(1, 2);
    expect(Math.abs(share(1) - 0.25)).toBeLessThan(0.03);
  });

  it('takes random words from all of the vocabulary, and not 0', () => {
    const all = pairs([1, 2], 5, { negativeSamples: 2000, seed: 2 });
    const counts = Array(5).fill(0);
    for (const { pair, label } of all) if (label === 0) counts[pair[1]]++;
    expect(counts[0]).toBe(0);
    for (const count of counts.slice(1)) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  it('may have no pairs', () => {
    expect(pairs([0, 7, 0], 8, {})).toEqual([]);
    expect(pairs([], 8, {})).toEqual([]);
  });

  it('says what is wrong', () => {
    expect(() => skipGrams([5], 5)).toThrow(/expected ids below 5, got 5/);
    expect(() => skipGrams([3], 5, { samplingTable: [1, 1] })).toThrow(
      /expected ids below 2, got 3/,
    );
    expect(() => skipGrams([-1], 5)).toThrow(/id: expected a whole number of at least 0, got -1/);
    expect(() => skipGrams([1], 5, { negativeSamples: -1 })).toThrow(
      /negativeSamples to be a number from 0 on/,
    );
    expect(() => skipGrams([1], 1)).toThrow(
      /vocabularySize: expected a whole number of at least 2/,
    );
  });
});

describe('makeSamplingTable', () => {
  it("follows Keras' formula", () => {
    const table = makeSamplingTable(101);
    // √(1e-5 · (rank (log rank + 0.577) + 1/2 - 1 / (12 rank))), rank 0 as 1.
    const expected = [[0, 0.00315225], [1, 0.00315225], [2, 0.00547597], [3, 0.00741556], [100, 0.07202195]]; // prettier-ignore
    for (const [rank, value] of expected) expect(table[rank]).toBeCloseTo(value, 7);
    expect(makeSamplingTable(3, 10)[2]).toBe(1);
  });
});
