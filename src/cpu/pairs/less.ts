import type { PairTwin } from '../twin.ts';

export const less: PairTwin = { pair: (a, b) => Number(a < b) };
