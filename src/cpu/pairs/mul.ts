import type { PairTwin } from '../twin.ts';

export const mul: PairTwin = { pair: (a, b) => a * b, byA: (_, b) => b, byB: (a) => a };
