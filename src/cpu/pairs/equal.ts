import type { PairTwin } from '../twin.ts';

export const equal: PairTwin = { pair: (a, b) => Number(a === b) };
