import type { Twin } from './twin.ts';

/** Twin of shaders/arg_max.wgsl. */
export const argMax: Twin<'arg_max'> = ({ x, out }, { outer, rows, columns }) => {
  for (let o = 0; o < outer; o++)
    for (let c = 0; c < columns; c++) {
      const at = (r: number) => x[(o * rows + r) * columns + c];
      let best = 0;
      for (let r = 1; r < rows; r++) if (at(r) > at(best)) best = r;
      out[o * columns + c] = best;
    }
};
