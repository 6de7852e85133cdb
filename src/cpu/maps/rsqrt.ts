import type { MapTwin } from '../twin.ts';

export const rsqrt: MapTwin = { map: (x) => 1 / Math.sqrt(x), gradient: (y) => -0.5 * y ** 3 };
