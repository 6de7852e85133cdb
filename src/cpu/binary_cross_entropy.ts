import type { Twin } from './twin.ts';
import { logClipped } from './targets.ts';

/** Twin of shaders/binary_cross_entropy.wgsl. */
export const binaryCrossEntropy: Twin<'binary_cross_entropy'> = (
  { predictions, targets, loss },
  { size, smoothing },
  { constants },
) => {
  for (let i = 0; i < size; i++) {
    const x = predictions[i];
    const z = targets[i] * (1 - smoothing) + smoothing / 2;
    loss[i] = constants?.LOGITS
      ? Math.max(x, 0) - x * z + Math.log1p(Math.exp(-Math.abs(x)))
      : -z * logClipped(x) - (1 - z) * logClipped(1 - x);
  }
};
