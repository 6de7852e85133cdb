import type { MapTwin } from '../twin.ts';

export const sign: MapTwin = { map: Math.sign };
