import { MixtureRow } from './mixture_row.ts';
import type { Twin } from './twin.ts';

/** Twin of shaders/mixture_density.wgsl. */
export const mixtureDensity: Twin<'mixture_density'> = ({ predictions, targets, loss }, params) => {
  const { rows, components, pen } = params;
  const mixture = new MixtureRow(params);
  for (let row = 0; row < rows; row++) {
    mixture.find(predictions, targets, row);
    loss[row] = mixture.loss;
    if (pen === 0) continue;
    const logit = predictions[(row + 1) * (6 * components + 1) - 1];
    const end = targets[3 * row + 2];
    loss[row] += Math.max(logit, 0) - logit * end + Math.log1p(Math.exp(-Math.abs(logit)));
  }
};
