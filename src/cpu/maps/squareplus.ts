import type { MapTwin } from '../twin.ts';

export const squareplus: MapTwin = {
  map: (x, b) => 0.5 * (x + Math.sqrt(x * x + b)),
  gradient: (x, b) => 0.5 * (1 + x / Math.sqrt(x * x + b)),
};
