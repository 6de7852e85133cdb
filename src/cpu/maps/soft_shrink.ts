import type { MapTwin } from '../twin.ts';

export const softShrink: MapTwin = {
  map: (x, lambda) => Math.sign(x) * Math.max(Math.abs(x) - lambda, 0),
  gradient: (x, lambda) => (Math.abs(x) > lambda ? 1 : 0),
};
