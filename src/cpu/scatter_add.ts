import type { Twin } from './twin.ts';

/** Twin of shaders/scatter_add.wgsl, and of the plan in src/webgpu/scatter.ts. */
export const scatterAdd: Twin<'scatter_add'> = (
  { ids, values, out },
  { rows, width, vocabulary, skip },
) => {
  out.fill(0, 0, vocabulary * width);
  for (let n = 0; n < rows; n++) {
    const id = ids[n];
    if (id < 0 || id >= vocabulary || id === skip) continue;
    for (let e = 0; e < width; e++) out[id * width + e] += values[n * width + e];
  }
};
