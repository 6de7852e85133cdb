import { sigmoid } from './functions.ts';
import type { Twin } from './twin.ts';
import { isClipped } from './targets.ts';

/** Twin of shaders/binary_cross_entropy_backward.wgsl. */
export const binaryCrossEntropyBackward: Twin<'binary_cross_entropy_backward'> = (
  { predictions, targets, gradient, out },
  { size, smoothing },
  { constants },
) => {
  for (let i = 0; i < size; i++) {
    const x = predictions[i];
    const z = targets[i] * (1 - smoothing) + smoothing / 2;
    const ofProbability = isClipped(x) ? 0 : (x - z) / (x * (1 - x));
    const slope = constants?.LOGITS ? sigmoid(x) - z : ofProbability;
    out[i] = gradient[i] === 0 ? 0 : gradient[i] * slope;
  }
};
