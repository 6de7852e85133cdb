import type { PairTwin } from '../twin.ts';

export const add: PairTwin = { pair: (a, b) => a + b };
