import type { MapTwin } from '../twin.ts';

export const relu6: MapTwin = {
  map: (x) => Math.min(Math.max(x, 0), 6),
  gradient: (y) => (y > 0 && y < 6 ? 1 : 0),
};
