import { four, numberOf, rowIn } from '../lib/operands';
import { pair as apply, pairInt as applyInt } from '../lib/pairs.generated';
import { storeUpTo } from '../lib/rest';

/** shaders/binary.wgsl, shaders/binary/int.wgsl */
export function binary(
  a: usize, b: usize, out: usize,
  size: usize, extent0: usize, extent1: usize, extent2: usize, extent3: usize, extent4: usize,
  a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize,
  b0: usize, b1: usize, b2: usize, b3: usize, b4: usize, b5: usize,
  scalar: f64, pair: i32, SCALAR: i32, INT: i32,
): void {
  const number = numberOf(scalar, INT);
  for (let row: usize = 0; row * extent0 < size; row++) {
    const left = rowIn(a, row, extent1, extent2, extent3, extent4, a1, a2, a3, a4, a5);
    const right = rowIn(b, row, extent1, extent2, extent3, extent4, b1, b2, b3, b4, b5);
    for (let i: usize = 0; i < extent0; i += 4) {
      const rest = extent0 - i;
      const x = SCALAR == 2 ? number : four(left, a0, i, rest);
      const y = SCALAR == 1 ? number : four(right, b0, i, rest);
      storeUpTo(out + 4 * i, INT == 1 ? applyInt(pair, x, y) : apply(pair, x, y), rest);
    }
    out += 4 * extent0;
  }
}
