import type { MapTwin } from '../twin.ts';

export const tanh: MapTwin = { map: Math.tanh, gradient: (y) => 1 - y * y };
