import type { ReductionTwin } from '../twin.ts';

export const min: ReductionTwin = { start: Infinity, join: Math.min };
