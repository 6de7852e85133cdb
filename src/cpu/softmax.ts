import type { Twin } from './twin.ts';

/** Twin of shaders/softmax.wgsl. */
export const softmax: Twin<'softmax'> = ({ x, y }, { outer, rows, columns }, variant) => {
  for (let o = 0; o < outer; o++)
    for (let c = 0; c < columns; c++) {
      const at = (r: number) => (o * rows + r) * columns + c;
      let largest = -Infinity;
      for (let r = 0; r < rows; r++) largest = Math.max(largest, x[at(r)]);
      let sum = 0;
      for (let r = 0; r < rows; r++) sum += Math.exp(x[at(r)] - largest);
      for (let r = 0; r < rows; r++) {
        const d = x[at(r)] - largest;
        y[at(r)] = variant.constants?.LOG ? d - Math.log(sum) : Math.exp(d) / sum;
      }
    }
};
