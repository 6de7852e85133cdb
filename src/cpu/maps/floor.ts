import type { MapTwin } from '../twin.ts';

export const floor: MapTwin = { map: Math.floor };
