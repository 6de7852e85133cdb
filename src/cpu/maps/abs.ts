import type { MapTwin } from '../twin.ts';

export const abs: MapTwin = { map: Math.abs, gradient: Math.sign };
