import type { MapTwin } from '../twin.ts';

export const exp: MapTwin = { map: Math.exp, gradient: (y) => y };
