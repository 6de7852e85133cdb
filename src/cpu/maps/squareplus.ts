import type { MapTwin } from '../twin.ts';

export const squareplus: MapTwin = {
  map: (x, b) => {
    const root = Math.sqrt(x * x + b);
    // Below 0, where the sum cancels, multiplied by (root - x) / (root - x).
    return x < 0 ? (0.5 * b) / (root - x) : 0.5 * x + 0.5 * root;
  },
  gradient: (x, b) => 0.5 * (1 + x / Math.sqrt(x * x + b)),
};
