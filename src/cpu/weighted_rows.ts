import type { Twin } from './twin.ts';

/** Twin of shaders/weighted_rows.wgsl. */
export const weightedRows: Twin<'weighted_rows'> = (
  { table, ids, weights, places, begins, rows, out },
  { count, width, scale, accumulate },
) => {
  for (let r = 0; r < count; r++)
    for (let e = 0; e < width; e++) {
      let sum = 0;
      for (let j = begins[r]; j < begins[r + 1]; j++)
        sum += weights[places[j]] * table[ids[j] * width + e];
      const at = rows[r] * width + e;
      out[at] = scale * sum + (accumulate && out[at]);
    }
};
