import type { MapTwin } from '../twin.ts';

export const softsign: MapTwin = {
  map: (x) => x / (1 + Math.abs(x)),
  gradient: (x) => 1 / (1 + Math.abs(x)) ** 2,
};
