import { within } from '../functions.ts';
import type { MapTwin } from '../twin.ts';

const SLOPE = Math.sqrt(2 / Math.PI);

export const geluTanh: MapTwin = {
  map: (x) => 0.5 * x * (1 + Math.tanh(SLOPE * (x + 0.044715 * x ** 3))),
  gradient: (x) => {
    const t = Math.tanh(SLOPE * (x + 0.044715 * x ** 3));
    const near = within(x);
    return 0.5 * (1 + t) + 0.5 * near * (1 - t * t) * SLOPE * (1 + 3 * 0.044715 * near * near);
  },
};
