// Rows of n numbers, wherever they begin.
import { add, load, mul, splat, sub, sumOf } from './lanes';
import { keep, loadUpTo, storeUpTo } from './rest';

export function copyRow(to: usize, from: usize, n: usize): void {
  for (let i: usize = 0; i < n; i += 4) storeUpTo(to + 4 * i, loadUpTo(from + 4 * i, n - i), n - i);
}

export function fillRow(to: usize, value: f32, n: usize): void {
  for (let i: usize = 0; i < n; i += 4) storeUpTo(to + 4 * i, splat(value), n - i);
}

export function addRow(to: usize, from: usize, n: usize): void {
  for (let i: usize = 0; i < n; i += 4) {
    const sum = add(loadUpTo(to + 4 * i, n - i), loadUpTo(from + 4 * i, n - i));
    storeUpTo(to + 4 * i, sum, n - i);
  }
}

/** The sum of the distances from `middle`, squared or not. Two sums, since one would wait for each addition. */
export function sumRow(at: usize, n: usize, middle: f32, squared: bool): f32 {
  let a = splat(0), b = splat(0);
  const end = at + 4 * n;
  for (; at + 32 <= end; at += 32) {
    a = add(a, term(load(at), middle, squared));
    b = add(b, term(load(at + 16), middle, squared));
  }
  for (; at < end; at += 16) {
    const left = (end - at) / 4;
    a = add(a, keep(term(loadUpTo(at, left), middle, squared), left, splat(0)));
  }
  return sumOf(add(a, b));
}
// @ts-ignore: decorator
@inline
function term(x: v128, middle: f32, squared: bool): v128 {
  const distance = sub(x, splat(middle));
  return squared ? mul(distance, distance) : distance;
}
