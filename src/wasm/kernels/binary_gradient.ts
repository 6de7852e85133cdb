import { mul } from '../lib/lanes';
import { four, numberOf, rowIn } from '../lib/operands';
import { byA, byB } from '../lib/pairs.generated';
import { loadUpTo, storeUpTo } from '../lib/rest';

/** shaders/binary_gradient.wgsl */
export function binaryGradient(
  a: usize, b: usize, dout: usize, da: usize, db: usize,
  size: usize, extent0: usize, extent1: usize, extent2: usize, extent3: usize, extent4: usize,
  a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize,
  b0: usize, b1: usize, b2: usize, b3: usize, b4: usize, b5: usize,
  scalar: f64, hasA: i32, hasB: i32, pair: i32, SCALAR: i32,
): void {
  const number = numberOf(scalar, 0);
  for (let row: usize = 0; row * extent0 < size; row++) {
    const left = rowIn(a, row, extent1, extent2, extent3, extent4, a1, a2, a3, a4, a5);
    const right = rowIn(b, row, extent1, extent2, extent3, extent4, b1, b2, b3, b4, b5);
    for (let i: usize = 0; i < extent0; i += 4) {
      const rest = extent0 - i;
      const at: usize = 4 * (row * extent0 + i);
      const x = SCALAR == 2 ? number : four(left, a0, i, rest);
      const y = SCALAR == 1 ? number : four(right, b0, i, rest);
      const gradient = loadUpTo(dout + at, rest);
      if (hasA == 1) storeUpTo(da + at, mul(gradient, byA(pair, x, y)), rest);
      if (hasB == 1) storeUpTo(db + at, mul(gradient, byB(pair, x, y)), rest);
    }
  }
}
