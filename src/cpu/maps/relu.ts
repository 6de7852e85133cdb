import type { MapTwin } from '../twin.ts';

export const relu: MapTwin = { map: (x) => Math.max(x, 0), gradient: (y) => (y > 0 ? 1 : 0) };
