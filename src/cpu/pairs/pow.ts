import type { PairTwin } from '../twin.ts';

export const pow: PairTwin = {
  pair: Math.pow,
  byA: (a, b) => (b === 0 ? 0 : b * a ** (b - 1)),
  byB: (a, b) => (a === 0 && b >= 0 ? 0 : a ** b * Math.log(a)),
};
