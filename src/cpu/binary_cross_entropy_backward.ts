import type { Twin } from './twin.ts';

const EPSILON = 1e-7;

/** Twin of shaders/binary_cross_entropy_backward.wgsl. */
export const binaryCrossEntropyBackward: Twin<'binary_cross_entropy_backward'> = (
  { predictions, targets, gradient, out },
  { size, smoothing },
) => {
  for (let i = 0; i < size; i++) {
    const p = predictions[i];
    const z = targets[i] * (1 - smoothing) + smoothing / 2;
    const clipped = p < EPSILON || p > 1 - EPSILON;
    out[i] = clipped || gradient[i] === 0 ? 0 : (gradient[i] * (p - z)) / (p * (1 - p));
  }
};
