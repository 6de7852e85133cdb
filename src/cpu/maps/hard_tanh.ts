import type { MapTwin } from '../twin.ts';

export const hardTanh: MapTwin = {
  map: (x) => Math.min(Math.max(x, -1), 1),
  gradient: (y) => (y > -1 && y < 1 ? 1 : 0),
};
