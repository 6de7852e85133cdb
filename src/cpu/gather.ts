import type { Twin } from './twin.ts';

/** Twin of shaders/gather.wgsl. */
export const gather: Twin<'gather'> = ({ table, ids, out }, { rows, width, vocabulary }) => {
  for (let n = 0; n < rows; n++) {
    const id = ids[n];
    const known = id >= 0 && id < vocabulary;
    for (let e = 0; e < width; e++) out[n * width + e] = known ? table[id * width + e] : NaN;
  }
};
