import { add, mul, splat, sub, sumOf } from '../lib/lanes';
import { exp } from '../lib/math';
import { loadUpTo, storeUpTo } from '../lib/rest';

/** shaders/softmax_gradient.wgsl */
export function softmaxGradient(y: usize, dy: usize, dx: usize, outer: usize, rows: usize, columns: usize, LOG: i32): void {
  const block: usize = 4 * rows * columns;
  for (let o: usize = 0; o < outer; o++, y += block, dy += block, dx += block)
    if (columns == 1) ofRow(y, dy, dx, rows, LOG);
    else for (let c: usize = 0; c < 4 * columns; c += 16) ofColumns(y + c, dy + c, dx + c, rows, 4 * columns, columns - c / 4, LOG);
}

/** What an element adds to the sum of its softmax. */
// @ts-ignore: decorator
@inline
function term(y: v128, dy: v128, LOG: i32): v128 {
  return LOG == 1 ? dy : mul(dy, y);
}
// @ts-ignore: decorator
@inline
function result(y: v128, dy: v128, sum: v128, LOG: i32): v128 {
  return LOG == 1 ? sub(dy, mul(exp(y), sum)) : mul(y, sub(dy, sum));
}

/** Over n neighbours; what is missing of the last four is zero, and adds nothing. */
function ofRow(y: usize, dy: usize, dx: usize, n: usize, LOG: i32): void {
  let sums = splat(0);
  for (let i: usize = 0; i < n; i += 4) sums = add(sums, term(loadUpTo(y + 4 * i, n - i), loadUpTo(dy + 4 * i, n - i), LOG));
  const sum = splat(sumOf(sums));
  for (let i: usize = 0; i < n; i += 4)
    storeUpTo(dx + 4 * i, result(loadUpTo(y + 4 * i, n - i), loadUpTo(dy + 4 * i, n - i), sum, LOG), n - i);
}

/** Of up to four neighbouring columns, over n rows that lie `step` bytes apart. */
function ofColumns(y: usize, dy: usize, dx: usize, n: usize, step: usize, width: usize, LOG: i32): void {
  const end = n * step;
  let sum = splat(0);
  for (let at: usize = 0; at < end; at += step) sum = add(sum, term(loadUpTo(y + at, width), loadUpTo(dy + at, width), LOG));
  for (let at: usize = 0; at < end; at += step)
    storeUpTo(dx + at, result(loadUpTo(y + at, width), loadUpTo(dy + at, width), sum, LOG), width);
}
