import type { MapTwin } from '../twin.ts';

export const neg: MapTwin = { map: (x) => -x, gradient: () => -1 };
