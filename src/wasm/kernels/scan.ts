import { add, madd, sub } from '../lib/lanes';
import { loadUpTo, storeUpTo } from '../lib/rest';
import { fillRow } from '../lib/rows';
import { COMPLEX, factorsOf, GATED, timesComplex } from '../lib/scan';
import { scratch } from '../lib/scratch';

/** shaders/scan.wgsl, row by row: the one before it is still in the cache. */
export function scan(
  a: usize, b: usize, starts: usize, h: usize,
  outer: usize, rows: usize, columns: usize, aOuter: usize, aRow: usize, aColumn: usize,
  reversed: i32, hasStart: i32, form: i32,
): void {
  const width: usize = form == COMPLEX ? 2 : 1;
  const n = width * columns;
  const zeros = scratch(4 * n);
  fillRow(zeros, 0, n);
  for (let o: usize = 0; o < outer; o++) {
    let before = hasStart == 1 ? starts + 4 * o * n : zeros;
    for (let s: usize = 0; s < rows; s++) {
      const t = reversed == 1 ? rows - 1 - s : s;
      const at = 4 * (o * rows + t) * n;
      const factors = a + 4 * width * (o * aOuter + t * aRow);
      for (let c: usize = 0; c < n; c += 4) {
        const x = factorsOf(factors, c, aColumn, n - c);
        const y = loadUpTo(b + at + 4 * c, n - c);
        const state = loadUpTo(before + 4 * c, n - c);
        let next: v128;
        if (form == GATED) next = madd(x, sub(y, state), state);
        else if (form == COMPLEX) next = add(timesComplex(x, state), y);
        else next = madd(x, state, y);
        storeUpTo(h + at + 4 * c, next, n - c);
      }
      before = h + at;
    }
  }
}
