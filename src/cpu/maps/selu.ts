import type { MapTwin } from '../twin.ts';

/** Klambauer et al. 2017, rounded as in their code. */
const SCALE = 1.0507009873554805;
const ALPHA = 1.6732632423543772;

export const selu: MapTwin = {
  map: (x) => SCALE * (x > 0 ? x : ALPHA * Math.expm1(x)),
  gradient: (y) => (y > 0 ? SCALE : y + SCALE * ALPHA),
};
