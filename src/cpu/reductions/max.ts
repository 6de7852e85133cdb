import type { ReductionTwin } from '../twin.ts';

export const max: ReductionTwin = { start: -Infinity, join: Math.max };
