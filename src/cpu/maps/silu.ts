import { sigmoid, within } from '../functions.ts';
import type { MapTwin } from '../twin.ts';

export const silu: MapTwin = {
  map: (x) => x * sigmoid(x),
  gradient: (x) => sigmoid(x) * (1 + within(x) * sigmoid(-x)),
};
