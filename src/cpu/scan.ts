import { factorAt, placeOf, product } from './scan_numbers.ts';
import type { Twin } from './twin.ts';

/** Twin of shaders/scan.wgsl. */
export const scan: Twin<'scan'> = ({ a, b, starts, h }, p) => {
  const width = p.form === 2 ? 2 : 1;
  for (let o = 0; o < p.outer; o++)
    for (let column = 0; column < p.columns; column++) {
      const start = (o * p.columns + column) * width;
      let state = [0, 0];
      if (p.hasStart) state = [starts[start], width === 2 ? starts[start + 1] : 0];
      for (let s = 0; s < p.rows; s++) {
        const at = placeOf(o, s, column, p) * width;
        const factor = factorAt(a, o, s, column, p);
        if (p.form === 1) state = [(1 - factor[0]) * state[0] + factor[0] * b[at], 0];
        else {
          const [real, imaginary] = product(factor, state);
          state = [real + b[at], width === 2 ? imaginary + b[at + 1] : 0];
        }
        h[at] = state[0];
        if (width === 2) h[at + 1] = state[1];
      }
    }
};
