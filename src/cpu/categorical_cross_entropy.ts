import type { Twin } from './twin.ts';
import { stateOf, targetOf } from './targets.ts';

const EPSILON = 1e-7;

/** Twin of shaders/categorical_cross_entropy.wgsl. */
export const categoricalCrossEntropy: Twin<'categorical_cross_entropy'> = (
  { predictions, labels, targets, loss, saved },
  params,
) => {
  const { rows, classes } = params;
  for (let row = 0; row < rows; row++) {
    const state = stateOf(row, labels, params);
    if (state !== 'valid') {
      loss[row] = state === 'ignored' ? 0 : NaN;
      saved[2 * row] = loss[row]!;
      saved[2 * row + 1] = 0;
      continue;
    }
    let total = 0;
    for (let c = 0; c < classes; c++) total += predictions[row * classes + c];
    let sum = 0;
    let unclipped = 0;
    for (let c = 0; c < classes; c++) {
      const u = predictions[row * classes + c] / total;
      const q = targetOf(row, c, labels, targets, params);
      sum -= q * Math.log(Math.min(Math.max(u, EPSILON), 1 - EPSILON));
      if (u >= EPSILON && u <= 1 - EPSILON) unclipped += q;
    }
    loss[row] = sum;
    saved[2 * row] = 1 / total;
    saved[2 * row + 1] = unclipped;
  }
};
