// What needs no ears: always the most frequent digit, as often as strings are long most often.
import { metrics } from '../../src/index.ts';
import type { DigitString } from './strings.ts';

const mostFrequent = (values: readonly number[]): number => {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
};

/** The answer to every string, learnt from some. */
export function usualAnswer(strings: readonly DigitString[]): number[] {
  const digit = mostFrequent(strings.flatMap(({ y }) => [...y]));
  return new Array<number>(mostFrequent(strings.map(({ y }) => y.length))).fill(digit);
}

/** Insertions, deletions and replacements by the number of digits. */
export function labelErrorRate(
  strings: readonly DigitString[],
  answer: (i: number) => readonly number[],
): number {
  const edits = strings.map(({ y }, i) => metrics.editDistance([...y], answer(i)));
  const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);
  return sum(edits) / sum(strings.map(({ y }) => y.length));
}
