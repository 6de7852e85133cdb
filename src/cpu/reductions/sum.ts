import type { ReductionTwin } from '../twin.ts';

export const sum: ReductionTwin = { start: 0, join: (total, x) => total + x };
