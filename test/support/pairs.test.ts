/** Holds the thinned combinations of the tests against what they promise: every pair, few rows, the same every time. */
import { describe, expect, it } from 'vitest';
import { pairs } from './pairs.ts';

describe('pairs', () => {
  it.each([
    [{ a: [1, 2], b: [1, 2, 3] }, 6],
    [{ a: [1, 2, 3, 4], b: [1, 2, 3, 4, 5, 6], c: [1, 2, 3], d: [1, 2], e: [1, 2] }, 24],
    [{ a: [1, 2], b: [1, 2], c: [1, 2], d: [1, 2], e: [1, 2], f: [1, 2], g: [1, 2] }, 8],
  ])('of %j: every pair in at most %i rows', (factors: Record<string, number[]>, most) => {
    const rows = pairs(factors);
    expect(rows.length).toBeLessThanOrEqual(most);
    const names = Object.keys(factors);
    for (const first of names)
      for (const second of names)
        for (const a of factors[first])
          for (const b of factors[second])
            if (first !== second)
              expect(
                rows.some((row) => row[first] === a && row[second] === b),
                `${first} ${a} with ${second} ${b}`,
              ).toBe(true);
    expect(pairs(factors)).toEqual(rows);
  });
});
