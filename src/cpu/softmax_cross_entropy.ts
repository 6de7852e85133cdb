import type { Twin } from './twin.ts';
import { stateOf, targetOf } from './targets.ts';

/** Twin of shaders/softmax_cross_entropy.wgsl. */
export const softmaxCrossEntropy: Twin<'softmax_cross_entropy'> = (
  { predictions, labels, targets, loss, saved },
  params,
) => {
  const { rows, classes } = params;
  for (let row = 0; row < rows; row++) {
    const state = stateOf(row, labels, params);
    if (state !== 'valid') {
      loss[row] = state === 'ignored' ? 0 : NaN;
      saved[2 * row] = 0;
      saved[2 * row + 1] = loss[row]!;
      continue;
    }
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, predictions[row * classes + c]);
    let exponentials = 0;
    let weights = 0;
    let products = 0;
    for (let c = 0; c < classes; c++) {
      const x = predictions[row * classes + c] - largest;
      const q = targetOf(row, c, labels, targets, params);
      exponentials += Math.exp(x);
      weights += q;
      if (q !== 0) products += q * x;
    }
    loss[row] = weights * Math.log(exponentials) - products;
    saved[2 * row] = largest;
    saved[2 * row + 1] = weights / exponentials;
  }
};
