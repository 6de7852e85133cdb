import type { Twin } from './twin.ts';

/** Twin of shaders/sigmoid_cross_entropy_backward.wgsl. */
export const sigmoidCrossEntropyBackward: Twin<'sigmoid_cross_entropy_backward'> = (
  { predictions, targets, gradient, out },
  { size, smoothing },
) => {
  for (let i = 0; i < size; i++) {
    const z = targets[i] * (1 - smoothing) + smoothing / 2;
    out[i] = gradient[i] === 0 ? 0 : gradient[i] * (1 / (1 + Math.exp(-predictions[i])) - z);
  }
};
