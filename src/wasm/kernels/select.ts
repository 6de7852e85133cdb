import { four, numberOf, rowIn } from '../lib/operands';
import { storeUpTo } from '../lib/rest';

/** shaders/select.wgsl */
export function select(
  a: usize, b: usize, condition: usize, out: usize,
  size: usize, extent0: usize, extent1: usize, extent2: usize, extent3: usize, extent4: usize,
  a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize,
  b0: usize, b1: usize, b2: usize, b3: usize, b4: usize, b5: usize,
  c0: usize, c1: usize, c2: usize, c3: usize, c4: usize, c5: usize,
  scalar: f64, SCALAR: i32, INT: i32,
): void {
  const number = numberOf(scalar, INT);
  for (let row: usize = 0; row * extent0 < size; row++) {
    const left = rowIn(a, row, extent1, extent2, extent3, extent4, a1, a2, a3, a4, a5);
    const right = rowIn(b, row, extent1, extent2, extent3, extent4, b1, b2, b3, b4, b5);
    const which = rowIn(condition, row, extent1, extent2, extent3, extent4, c1, c2, c3, c4, c5);
    for (let i: usize = 0; i < extent0; i += 4) {
      const rest = extent0 - i;
      const x = SCALAR == 2 ? number : four(left, a0, i, rest);
      const y = SCALAR == 1 ? number : four(right, b0, i, rest);
      const holds = i32x4.ne(four(which, c0, i, rest), i32x4.splat(0));
      storeUpTo(out + 4 * i, v128.bitselect(x, y, holds), rest);
    }
    out += 4 * extent0;
  }
}
