import type { Twin } from './twin.ts';

/** Twin of shaders/row_products.wgsl. */
export const rowProducts: Twin<'row_products'> = (
  { a, table, ids, out },
  { size, each, width },
) => {
  for (let i = 0; i < size; i++) {
    out[i] = 0;
    for (let e = 0; e < width; e++)
      out[i] += a[Math.floor(i / each) * width + e] * table[ids[i] * width + e];
  }
};
