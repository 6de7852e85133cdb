import type { MapTwin } from '../twin.ts';

export const leakyRelu: MapTwin = {
  map: (x, slope) => (x > 0 ? x : slope * x),
  gradient: (x, slope) => (x > 0 ? 1 : slope),
};
