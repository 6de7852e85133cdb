import type { MapTwin } from '../twin.ts';

export const sin: MapTwin = { map: Math.sin, gradient: Math.cos };
