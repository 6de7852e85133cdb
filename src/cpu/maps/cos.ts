import type { MapTwin } from '../twin.ts';

export const cos: MapTwin = { map: Math.cos, gradient: (x) => -Math.sin(x) };
