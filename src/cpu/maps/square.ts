import type { MapTwin } from '../twin.ts';

export const square: MapTwin = { map: (x) => x * x, gradient: (x) => 2 * x };
