import type { MapTwin } from '../twin.ts';

export const hardShrink: MapTwin = {
  map: (x, lambda) => (Math.abs(x) <= lambda ? 0 : x),
  gradient: (x, lambda) => (Math.abs(x) > lambda ? 1 : 0),
};
