import type { Twin } from './twin.ts';

/** Twin of shaders/gather_along.wgsl. */
export const gatherAlong: Twin<'gather_along'> = (
  { x, indices, out },
  { size, extent, count, inner },
) => {
  for (let k = 0; k < size; k++) {
    const o = Math.floor(k / (count * inner));
    const index = indices[k];
    out[k] = index >= 0 && index < extent ? x[(o * extent + index) * inner + (k % inner)] : NaN;
  }
};
