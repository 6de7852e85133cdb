import { normalCdf, normalDensity, within } from '../functions.ts';
import type { MapTwin } from '../twin.ts';

export const gelu: MapTwin = {
  map: (x) => x * normalCdf(x),
  gradient: (x) => normalCdf(x) + within(x) * normalDensity(x),
};
