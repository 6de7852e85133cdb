import { hardSigmoid as map } from '../functions.ts';
import type { MapTwin } from '../twin.ts';

export const hardSigmoid: MapTwin = {
  map,
  gradient: (y, width) => (y > 0 && y < 1 ? 1 / width : 0),
};
