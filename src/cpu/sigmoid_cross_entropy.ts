import type { Twin } from './twin.ts';

/** Twin of shaders/sigmoid_cross_entropy.wgsl. */
export const sigmoidCrossEntropy: Twin<'sigmoid_cross_entropy'> = (
  { predictions, targets, loss },
  { size, smoothing },
) => {
  for (let i = 0; i < size; i++) {
    const x = predictions[i];
    const z = targets[i] * (1 - smoothing) + smoothing / 2;
    loss[i] = Math.max(x, 0) - x * z + Math.log1p(Math.exp(-Math.abs(x)));
  }
};
