import type { MapTwin } from '../twin.ts';

export const elu: MapTwin = {
  map: (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x)),
  gradient: (y, alpha) => (y > 0 ? 1 : y + alpha),
};
