import type { PairTwin } from '../twin.ts';

export const lessEqual: PairTwin = { pair: (a, b) => Number(a <= b) };
