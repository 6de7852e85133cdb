import { normalCdf, normalDensity } from '../functions.ts';
import type { MapTwin } from '../twin.ts';

export const gelu: MapTwin = {
  map: (x) => x * normalCdf(x),
  gradient: (x) => normalCdf(x) + x * normalDensity(x),
};
