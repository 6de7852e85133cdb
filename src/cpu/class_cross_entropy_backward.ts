import type { Twin } from './twin.ts';
import { isClipped, stateOf, targetOf } from './targets.ts';

/** Twin of shaders/class_cross_entropy_backward.wgsl. */
export const classCrossEntropyBackward: Twin<'class_cross_entropy_backward'> = (
  { predictions, labels, targets, saved, gradient, out },
  params,
  { constants },
) => {
  const { rows, classes } = params;
  for (let row = 0; row < rows; row++) {
    const ignored = stateOf(row, labels, params) === 'ignored';
    const [first, second] = saved.subarray(2 * row);
    for (let c = 0; c < classes; c++) {
      const i = row * classes + c;
      const q = targetOf(row, c, labels, targets, params);
      const u = predictions[i] * first;
      const slope = constants?.LOGITS
        ? Math.exp(predictions[i] - first) * second - q
        : first * (second - (isClipped(u) ? 0 : q / u));
      out[i] = ignored || gradient[row] === 0 ? 0 : gradient[row] * slope;
    }
  }
};
