import type { PairTwin } from '../twin.ts';

export const sub: PairTwin = { pair: (a, b) => a - b };
