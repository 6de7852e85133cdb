import { erf as map } from '../functions.ts';
import type { MapTwin } from '../twin.ts';

export const erf: MapTwin = {
  map: map,
  gradient: (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x),
};
