import { add, mul, sub } from '../lib/lanes';
import { loadUpTo, storeUpTo } from '../lib/rest';
import { copyRow, fillRow } from '../lib/rows';
import { COMPLEX, conjugate, factorsOf, GATED, times } from '../lib/scan';
import { scratch } from '../lib/scratch';

/** shaders/scan_gradient.wgsl, row by row. */
export function scanGradient(
  a: usize, b: usize, h: usize, starts: usize, dh: usize, da: usize, db: usize, dStart: usize,
  outer: usize, rows: usize, columns: usize, aOuter: usize, aRow: usize, aColumn: usize,
  reversed: i32, hasStart: i32, hasDa: i32, hasDb: i32, hasDStart: i32, form: i32,
): void {
  const width: usize = form == COMPLEX ? 2 : 1;
  const n = width * columns;
  // The gradient of the states after a step, and zeros.
  const gradients = scratch(8 * n);
  const zeros = gradients + 4 * n;
  fillRow(zeros, 0, n);
  for (let o: usize = 0; o < outer; o++) {
    fillRow(gradients, 0, n);
    for (let s = rows; s > 0; s--) {
      const t = reversed == 1 ? rows - s : s - 1;
      const at = 4 * (o * rows + t) * n;
      const factors = a + 4 * width * (o * aOuter + t * aRow);
      let before = hasStart == 1 ? starts + 4 * o * n : zeros;
      if (s > 1) before = h + (reversed == 1 ? at + 4 * n : at - 4 * n);
      for (let c: usize = 0; c < n; c += 4) {
        const left = n - c;
        const x = factorsOf(factors, c, aColumn, left);
        const g = add(loadUpTo(gradients + 4 * c, left), loadUpTo(dh + at + 4 * c, left));
        let next: v128;
        if (form == GATED) {
          const db4 = mul(x, g);
          if (hasDb == 1) storeUpTo(db + at + 4 * c, db4, left);
          next = sub(g, db4);
        } else {
          if (hasDb == 1) storeUpTo(db + at + 4 * c, g, left);
          next = times(conjugate(x, form), g, form);
        }
        if (hasDa == 1) {
          const state = loadUpTo(before + 4 * c, left);
          const da4 = form == GATED
            ? mul(sub(loadUpTo(b + at + 4 * c, left), state), g)
            : times(conjugate(state, form), g, form);
          storeUpTo(da + at + 4 * c, da4, left);
        }
        storeUpTo(gradients + 4 * c, next, left);
      }
    }
    if (hasDStart == 1) copyRow(dStart + 4 * o * n, gradients, n);
  }
}
