import type { PairTwin } from '../twin.ts';

export const notEqual: PairTwin = { pair: (a, b) => Number(a !== b) };
