import type { Twin } from './twin.ts';

/** Twin of shaders/softmax_gradient.wgsl. */
export const softmaxGradient: Twin<'softmax_gradient'> = (
  { y, dy, dx },
  { outer, rows, columns },
  variant,
) => {
  const log = variant.constants?.LOG === 1;
  for (let o = 0; o < outer; o++)
    for (let c = 0; c < columns; c++) {
      const at = (r: number) => (o * rows + r) * columns + c;
      let sum = 0;
      for (let r = 0; r < rows; r++) sum += log ? dy[at(r)] : dy[at(r)] * y[at(r)];
      for (let r = 0; r < rows; r++) {
        const k = at(r);
        dx[k] = log ? dy[k] - Math.exp(y[k]) * sum : y[k] * (dy[k] - sum);
      }
    }
};
