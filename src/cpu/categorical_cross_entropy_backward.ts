import type { Twin } from './twin.ts';
import { stateOf, targetOf } from './targets.ts';

const EPSILON = 1e-7;

/** Twin of shaders/categorical_cross_entropy_backward.wgsl. */
export const categoricalCrossEntropyBackward: Twin<'categorical_cross_entropy_backward'> = (
  { predictions, labels, targets, saved, gradient, out },
  params,
) => {
  const { rows, classes } = params;
  for (let row = 0; row < rows; row++) {
    const ignored = stateOf(row, labels, params) === 'ignored';
    const scale = saved[2 * row];
    for (let c = 0; c < classes; c++) {
      const i = row * classes + c;
      const u = predictions[i] * scale;
      const q = targetOf(row, c, labels, targets, params);
      const own = u >= EPSILON && u <= 1 - EPSILON ? q / u : 0;
      out[i] =
        ignored || gradient[row] === 0 ? 0 : gradient[row] * scale * (saved[2 * row + 1] - own);
    }
  }
};
