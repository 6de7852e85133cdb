import type { MapTwin } from '../twin.ts';

export const clip: MapTwin = {
  map: (x, low, high) => Math.min(Math.max(x, low), high),
  gradient: (x, low, high) => (x >= low && x <= high ? 1 : 0),
};
