import type { PairTwin } from '../twin.ts';

export const greaterEqual: PairTwin = { pair: (a, b) => Number(a >= b) };
