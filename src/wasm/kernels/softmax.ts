import { add, div, largestOf, splat, sub, sumOf } from '../lib/lanes';
import { exp, log } from '../lib/math';
import { keep, loadUpTo, storeUpTo } from '../lib/rest';

/** shaders/softmax.wgsl */
export function softmax(x: usize, y: usize, outer: usize, rows: usize, columns: usize, LOG: i32): void {
  const block: usize = 4 * rows * columns;
  for (let o: usize = 0; o < outer; o++, x += block, y += block)
    if (columns == 1) ofRow(x, y, rows, LOG);
    else for (let c: usize = 0; c < columns; c += 4) ofColumns(x + 4 * c, y + 4 * c, rows, 4 * columns, columns - c, LOG);
}

/** Of e^(x - largest) and their sum, or of x - largest and the logarithm of the sum. */
// @ts-ignore: decorator
@inline
function result(x: v128, by: v128, LOG: i32): v128 {
  return LOG == 1 ? sub(x, by) : div(x, by);
}

/** Over n neighbours. */
function ofRow(x: usize, y: usize, n: usize, LOG: i32): void {
  let most = splat(-Infinity);
  for (let i: usize = 0; i < n; i += 4) most = f32x4.max(most, keep(loadUpTo(x + 4 * i, n - i), n - i, most));
  const largest = splat(largestOf(most));
  let sums = splat(0);
  for (let i: usize = 0; i < n; i += 4) {
    const d = sub(loadUpTo(x + 4 * i, n - i), largest);
    const power = exp(d);
    storeUpTo(y + 4 * i, LOG == 1 ? d : power, n - i);
    sums = add(sums, keep(power, n - i, splat(0)));
  }
  const sum = splat(sumOf(sums));
  const by = LOG == 1 ? log(sum) : sum;
  for (let i: usize = 0; i < n; i += 4) storeUpTo(y + 4 * i, result(loadUpTo(y + 4 * i, n - i), by, LOG), n - i);
}

/** Of up to four neighbouring columns, over n rows that lie `step` bytes apart. */
function ofColumns(x: usize, y: usize, n: usize, step: usize, width: usize, LOG: i32): void {
  const end = n * step;
  let largest = splat(-Infinity);
  for (let at: usize = 0; at < end; at += step) largest = f32x4.max(largest, loadUpTo(x + at, width));
  let sum = splat(0);
  for (let at: usize = 0; at < end; at += step) {
    const d = sub(loadUpTo(x + at, width), largest);
    const power = exp(d);
    storeUpTo(y + at, LOG == 1 ? d : power, width);
    sum = add(sum, power);
  }
  const by = LOG == 1 ? log(sum) : sum;
  for (let at: usize = 0; at < end; at += step) storeUpTo(y + at, result(loadUpTo(y + at, width), by, LOG), width);
}
