import type { PairTwin } from '../twin.ts';

export const expDifference: PairTwin = { pair: (a, b) => (a === b ? 1 : Math.exp(a - b)) };
