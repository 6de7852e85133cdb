// Rows whose length is no multiple of four: `left` numbers, one or more, are left of them.
import { load } from './lanes';

/** Four numbers, or those that are left, with zeros behind them. */
// @ts-ignore: decorator
@inline
export function loadUpTo(at: usize, left: usize): v128 {
  return left >= 4 ? load(at) : loadFew(at, left);
}
function loadFew(at: usize, left: usize): v128 {
  let few = v128.load32_zero(at);
  if (left > 1) few = v128.load32_lane(at, few, 1, 4);
  if (left > 2) few = v128.load32_lane(at, few, 2, 8);
  return few;
}

/** Four numbers, or the first of them that are left. */
// @ts-ignore: decorator
@inline
export function storeUpTo(at: usize, four: v128, left: usize): void {
  if (left >= 4) v128.store(at, four);
  else storeFew(at, four, left);
}
function storeFew(at: usize, four: v128, left: usize): void {
  v128.store32_lane(at, four, 0);
  if (left > 1) v128.store32_lane(at, four, 1, 4);
  if (left > 2) v128.store32_lane(at, four, 2, 8);
}

/** Those of four numbers that are left, with `rest` in the place of the others. */
export function keep(four: v128, left: usize, rest: v128): v128 {
  return v128.bitselect(four, rest, i32x4.gt_s(i32x4.splat(<i32>left), i32x4(0, 1, 2, 3)));
}
