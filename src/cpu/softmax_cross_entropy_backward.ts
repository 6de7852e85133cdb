import type { Twin } from './twin.ts';
import { stateOf, targetOf } from './targets.ts';

/** Twin of shaders/softmax_cross_entropy_backward.wgsl. */
export const softmaxCrossEntropyBackward: Twin<'softmax_cross_entropy_backward'> = (
  { predictions, labels, targets, saved, gradient, out },
  params,
) => {
  const { rows, classes } = params;
  for (let row = 0; row < rows; row++) {
    const ignored = stateOf(row, labels, params) === 'ignored';
    for (let c = 0; c < classes; c++) {
      const i = row * classes + c;
      const softmax = Math.exp(predictions[i] - saved[2 * row]) * saved[2 * row + 1];
      const q = targetOf(row, c, labels, targets, params);
      out[i] = ignored || gradient[row] === 0 ? 0 : gradient[row] * (softmax - q);
    }
  }
};
