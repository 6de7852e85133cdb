import { sigmoid, softplus, within } from '../functions.ts';
import type { MapTwin } from '../twin.ts';

export const mish: MapTwin = {
  map: (x) => x * Math.tanh(softplus(x)),
  gradient: (x) => {
    const t = Math.tanh(softplus(x));
    return t + within(x) * sigmoid(x) * (1 - t * t);
  },
};
