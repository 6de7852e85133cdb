import { MixtureRow } from './mixture_row.ts';
import type { Twin } from './twin.ts';

/** Twin of shaders/mixture_density_backward.wgsl. */
export const mixtureDensityBackward: Twin<'mixture_density_backward'> = (
  { predictions, targets, gradient, out },
  params,
) => {
  const { rows, components, pen } = params;
  const width = 6 * components + pen;
  const mixture = new MixtureRow(params);
  const { weights, responsibilities, rho, spread, z, across, inverse, share } = mixture;
  out.fill(0);
  for (let row = 0; row < rows; row++) {
    const scale = gradient[row];
    if (scale === 0) continue;
    mixture.find(predictions, targets, row);
    for (let k = 0; k < components; k++) {
      const first = row * width + k;
      out[first] = scale * (weights[k] - responsibilities[k]);
      if (responsibilities[k] === 0) continue;
      const factor = -scale * responsibilities[k];
      for (let axis = 0; axis < 2; axis++) {
        const at = axis * components + k;
        const pull = across[at] * spread[k];
        out[first + (1 + axis) * components] = factor * pull * inverse[at];
        out[first + (3 + axis) * components] = factor * (z[at] * pull - 1) * share[at];
      }
      out[first + 5 * components] = factor * (rho[k] + across[k] * across[components + k]);
    }
    const last = (row + 1) * width - 1;
    if (pen === 1)
      out[last] = scale * (1 / (1 + Math.exp(-predictions[last])) - targets[3 * row + 2]);
  }
};
