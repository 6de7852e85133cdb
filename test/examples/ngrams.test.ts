import { describe, expect, it } from 'vitest';
import { fittedNgrams, InterpolatedNgrams } from '../../examples/ngrams.ts';
import { PADDING, Symbols, UNKNOWN } from '../../examples/symbols.ts';
import { integers } from '../support/random.ts';

describe('interpolated n-grams', () => {
  it('weigh frequencies after contexts of every length', () => {
    const pairs = new InterpolatedNgrams(2, 4);
    pairs.add([0, 1, 2, 1, 1]);
    pairs.weights = [0.2, 0.3, 0.5];
    // Of 4 symbols, 1 came 3 times and 2 once; after 1: 2 and 1.
    const p = (after: number, y: number) => 2 ** -pairs.bits([[after, y]]);
    expect(p(1, 2)).toBeCloseTo(0.2 / 4 + 0.3 / 4 + 0.5 / 2, 12);
    expect(p(2, 2)).toBeCloseTo(0.2 / 4 + 0.3 / 4, 12);
    // 3 was never seen, so that its frequency after no symbol stands in.
    expect(p(3, 1)).toBeCloseTo(0.2 / 4 + 0.8 * 0.75, 12);
  });

  it('predict all symbols but the first, and are probabilities', () => {
    const ngrams = fittedNgrams(3, 5, integers([400], 1, 0, 5).data as Int32Array);
    expect(ngrams.weights).toHaveLength(4);
    const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
    expect(sum(ngrams.weights)).toBeCloseTo(1, 12);
    const after = [0, 1, 2, 3, 4].map((y) => 2 ** (-3 * ngrams.bits([[2, 3, 1, y]])));
    const before = 2 ** (-2 * ngrams.bits([[2, 3, 1]]));
    expect(sum(after) / before).toBeCloseTo(1, 10);
  });

  it('trust the context that tells most of sequences that were not counted', () => {
    // Each symbol follows from the two before it, and hardly from one.
    const text = Int32Array.from({ length: 3000 }, () => 0);
    const random = integers([3000], 2, 0, 100).data;
    for (let i = 2; i < text.length; i++)
      text[i] = random[i] < 5 ? random[i] : (text[i - 1] + 2 * text[i - 2] + 1) % 5;
    const found = fittedNgrams(3, 5, text.subarray(0, 2500));
    expect(found.weights[3]).toBeGreaterThan(0.8);
    const held = [text.subarray(2500)];
    expect(found.bits(held)).toBeLessThan(0.75 * fittedNgrams(2, 5, text.subarray(0, 2500)).bits(held)); // prettier-ignore
  });
});

it('symbols have ids of their own, and come back', () => {
  const symbols = new Symbols('banana');
  expect(symbols.size).toBe(5);
  expect(Array.from(symbols.encode('nabe'))).toEqual([4, 3, 2, UNKNOWN]);
  expect(symbols.decode([4, 3, PADDING, UNKNOWN])).toEqual(['n', 'a', '�']);
});
