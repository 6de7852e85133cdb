import type { MapTwin } from '../twin.ts';

export const expm1: MapTwin = { map: Math.expm1, gradient: (y) => y + 1 };
