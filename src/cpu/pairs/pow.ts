import type { PairTwin } from '../twin.ts';

/** As IEEE 754 has it: in JavaScript 1^NaN and (±1)^±∞ are NaN. */
const power = (a: number, b: number): number =>
  a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b;

export const pow: PairTwin = {
  pair: power,
  byA: (a, b) => (b === 0 ? 0 : b * power(a, b - 1)),
  byB: (a, b) => (a === 0 && b >= 0 ? 0 : power(a, b) * Math.log(a)),
};
