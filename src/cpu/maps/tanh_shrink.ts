import type { MapTwin } from '../twin.ts';

export const tanhShrink: MapTwin = {
  map: (x) => x - Math.tanh(x),
  gradient: (x) => Math.tanh(x) ** 2,
};
