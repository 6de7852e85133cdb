import type { MapTwin } from '../twin.ts';

export const sqrt: MapTwin = { map: Math.sqrt, gradient: (y) => 0.5 / y };
