import type { MapTwin } from '../twin.ts';

export const reciprocal: MapTwin = { map: (x) => 1 / x, gradient: (y) => -y * y };
