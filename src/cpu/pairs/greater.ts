import type { PairTwin } from '../twin.ts';

export const greater: PairTwin = { pair: (a, b) => Number(a > b) };
