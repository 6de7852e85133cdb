import type { ReductionTwin } from '../twin.ts';

export const sumSquares: ReductionTwin = { start: 0, join: (total, x) => total + x * x };
