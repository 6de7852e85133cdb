import type { Twin } from './twin.ts';

/** Twin of shaders/scatter_add_along.wgsl. */
export const scatterAddAlong: Twin<'scatter_add_along'> = (
  { x, indices, updates, out },
  { size, extent, count, inner, has_x },
) => {
  for (let k = 0; k < size; k++) out[k] = has_x ? x[k] : 0;
  for (let o = 0; o < size / (extent * inner); o++)
    for (let n = 0; n < count; n++)
      for (let i = 0; i < inner; i++) {
        const at = (o * count + n) * inner + i;
        const index = indices[at];
        if (index >= 0 && index < extent) out[(o * extent + index) * inner + i] += updates[at];
      }
};
