import { hardSigmoid } from '../functions.ts';
import type { MapTwin } from '../twin.ts';

export const hardSilu: MapTwin = {
  map: (x) => x * hardSigmoid(x),
  gradient: (x) => (x < -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1),
};
