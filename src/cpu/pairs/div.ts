import type { PairTwin } from '../twin.ts';

export const div: PairTwin = {
  pair: (a, b) => a / b,
  byA: (_, b) => 1 / b,
  byB: (a, b) => -a / b / b,
};
