import type { Twin } from './twin.ts';

const EPSILON = 1e-7;

/** Twin of shaders/binary_cross_entropy.wgsl. */
export const binaryCrossEntropy: Twin<'binary_cross_entropy'> = (
  { predictions, targets, loss },
  { size, smoothing },
) => {
  const log = (p: number) => Math.log(Math.min(Math.max(p, EPSILON), 1 - EPSILON));
  for (let i = 0; i < size; i++) {
    const p = predictions[i];
    const z = targets[i] * (1 - smoothing) + smoothing / 2;
    loss[i] = -z * log(p) - (1 - z) * log(1 - p);
  }
};
