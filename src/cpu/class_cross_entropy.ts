import type { Twin } from './twin.ts';
import { isClipped, logClipped, stateOf, targetOf } from './targets.ts';

/** Twin of shaders/class_cross_entropy.wgsl. */
export const classCrossEntropy: Twin<'class_cross_entropy'> = (
  { predictions, labels, targets, loss, saved },
  params,
  { constants },
) => {
  const { rows, classes } = params;
  const logits = constants?.LOGITS === 1;
  for (let row = 0; row < rows; row++) {
    const state = stateOf(row, labels, params);
    if (state !== 'valid') {
      loss[row] = state === 'ignored' ? 0 : NaN;
      saved.fill(loss[row], 2 * row, 2 * row + 2);
      continue;
    }
    const all = Array.from(predictions.subarray(row * classes, (row + 1) * classes));
    const largest = (a: number, b: number): number => Math.max(a, b);
    const whole = logits ? all.reduce(largest) : all.reduce((a, b) => a + b);
    const sums = [0, 0, 0];
    for (let c = 0; c < classes; c++) {
      const q = targetOf(row, c, labels, targets, params);
      if (logits) {
        const x = all[c] - whole;
        sums[0] += Math.exp(x);
        sums[1] += q;
        if (q !== 0) sums[2] += q * x;
      } else {
        const u = all[c] / whole;
        sums[0] -= q * logClipped(u);
        if (!isClipped(u)) sums[1] += q;
      }
    }
    loss[row] = logits ? sums[1] * Math.log(sums[0]) - sums[2] : sums[0];
    saved[2 * row] = logits ? whole : 1 / whole;
    saved[2 * row + 1] = logits ? sums[1] / sums[0] : sums[1];
  }
};
