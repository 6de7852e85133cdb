import type { PairTwin } from '../twin.ts';

/** What part of the gradient a number gets: half at a tie. */
const share = (own: number, other: number): number => (own > other ? 1 : own === other ? 0.5 : 0);

export const maximum: PairTwin = { pair: Math.max, byA: share, byB: (a, b) => share(b, a) };
