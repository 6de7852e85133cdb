import { conjugate, factorAt, placeOf, product } from './scan_numbers.ts';
import type { Twin } from './twin.ts';

/** Twin of shaders/scan_gradient.wgsl. */
export const scanGradient: Twin<'scan_gradient'> = ({ a, b, h, starts, dh, da, db, dStart }, p) => {
  const width = p.form === 2 ? 2 : 1;
  const pair = (x: ArrayLike<number>, at: number): number[] => [x[at], width === 2 ? x[at + 1] : 0];
  const put = (x: { [at: number]: number }, at: number, value: readonly number[]): void => {
    for (let k = 0; k < width; k++) x[at + k] = value[k];
  };
  for (let o = 0; o < p.outer; o++)
    for (let column = 0; column < p.columns; column++) {
      const start = (o * p.columns + column) * width;
      let gradient = [0, 0];
      for (let s = p.rows - 1; s >= 0; s--) {
        const at = placeOf(o, s, column, p) * width;
        const factor = factorAt(a, o, s, column, p);
        let before = [0, 0];
        if (s > 0) before = pair(h, placeOf(o, s - 1, column, p) * width);
        else if (p.hasStart) before = pair(starts, start);
        const arriving = pair(dh, at);
        gradient = [gradient[0] + arriving[0], gradient[1] + arriving[1]];
        if (p.form === 1) {
          if (p.hasDa) da[at] = (b[at] - before[0]) * gradient[0];
          if (p.hasDb) db[at] = factor[0] * gradient[0];
          gradient = [(1 - factor[0]) * gradient[0], 0];
        } else {
          if (p.hasDa) put(da, at, product(conjugate(before), gradient));
          if (p.hasDb) put(db, at, gradient);
          gradient = product(conjugate(factor), gradient);
        }
      }
      if (p.hasDStart) put(dStart, start, gradient);
    }
};
