import type { MapTwin } from '../twin.ts';

export const log1p: MapTwin = { map: Math.log1p, gradient: (x) => 1 / (1 + x) };
