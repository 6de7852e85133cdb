import type { MapTwin } from '../twin.ts';

export const log: MapTwin = { map: Math.log, gradient: (x) => 1 / x };
