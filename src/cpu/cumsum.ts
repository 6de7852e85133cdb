import type { Twin } from './twin.ts';

/** Twin of shaders/cumsum.wgsl. */
export const cumsum: Twin<'cumsum'> = ({ x, y }, { outer, rows, columns, reversed }) => {
  for (let o = 0; o < outer; o++)
    for (let c = 0; c < columns; c++) {
      let total = 0;
      for (let step = 0; step < rows; step++) {
        const r = reversed ? rows - 1 - step : step;
        const at = (o * rows + r) * columns + c;
        total += x[at];
        y[at] = total;
      }
    }
};
