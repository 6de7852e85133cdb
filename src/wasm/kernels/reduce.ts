import { add, load, mul, splat } from '../lib/lanes';
import { join, start, SUM, term } from '../lib/reductions.generated';
import { keep, loadUpTo, storeUpTo } from '../lib/rest';
import { scratch } from '../lib/scratch';

/** Columns that are reduced together. */
// @ts-ignore: decorator
@inline
const COLUMNS: usize = 1024;
// What a long sum loses by rounding grows with its length: so it is made of sums of so many rows, or so many numbers of a row.
// @ts-ignore: decorator
@inline
const ROWS: usize = 32;
// @ts-ignore: decorator
@inline
const NUMBERS: usize = 4096;

/** shaders/reduce.wgsl */
export function reduce(
  x: usize, rowMask: usize, out: usize,
  outer: usize, rows: usize, columns: usize, outerStride: usize, rowStride: usize, offset: usize, outOffset: usize,
  scale: f32, accumulate: i32, maskOffset: usize, reduction: i32,
): void {
  const mask: usize = rowMask == 0 ? 0 : rowMask + 4 * maskOffset;
  const totals = scratch(4 * COLUMNS);
  for (let o: usize = 0; o < outer; o++)
    for (let first: usize = 0; first < columns; first += COLUMNS) {
      const width = min(columns - first, COLUMNS);
      const from = x + 4 * (offset + o * outerStride + first);
      if (columns == 1 && rowStride == 1 && mask == 0) v128.store(totals, along(reduction, from, rows));
      else across(reduction, totals, from, rows, rowStride, width, mask);
      const to = out + 4 * (outOffset + o * columns + first);
      for (let c: usize = 0; c < width; c += 4) {
        const total = mul(load(totals + 4 * c), splat(scale));
        const before = accumulate == 1 ? loadUpTo(to + 4 * c, width - c) : splat(0);
        storeUpTo(to + 4 * c, add(before, total), width - c);
      }
    }
}

/** All n neighbours, in each lane. */
function along(reduction: i32, x: usize, n: usize): v128 {
  const none = start(reduction);
  let total = none;
  for (let first: usize = 0; first < n; first += NUMBERS) {
    const end = min(first + NUMBERS, n);
    let part = none;
    for (let i = first; i < end; i += 4) {
      const left = end - i;
      const four = term(reduction, loadUpTo(x + 4 * i, left));
      part = join(reduction, part, left < 4 ? keep(four, left, none) : four);
    }
    total = join(reduction, total, part);
  }
  total = join(reduction, total, i32x4.shuffle(total, total, 2, 3, 0, 1));
  return join(reduction, total, i32x4.shuffle(total, total, 1, 0, 3, 2));
}

/** By column, all rows that the mask has, if there is one. */
function across(reduction: i32, totals: usize, x: usize, rows: usize, rowStride: usize, columns: usize, mask: usize): void {
  const none = start(reduction);
  for (let c: usize = 0; c < columns; c += 4) v128.store(totals + 4 * c, none);
  for (let first: usize = 0; first < rows; first += ROWS) {
    const end = min(first + ROWS, rows);
    let c: usize = 0;
    if (reduction == SUM) for (; c + 16 <= columns; c += 16) addSums(totals + 4 * c, x + 4 * c, first, end, 4 * rowStride, mask);
    for (; c < columns; c += 4) {
      const left = columns - c;
      let part = none;
      for (let r = first; r < end; r++)
        if (mask == 0 || i32.load(mask + 4 * r) != 0)
          part = join(reduction, part, term(reduction, loadUpTo(x + 4 * (r * rowStride + c), left)));
      v128.store(totals + 4 * c, join(reduction, load(totals + 4 * c), part));
    }
  }
}

/** Adds the rows from `first` to `end` of 16 columns: most of what is reduced, and side by side several times as fast. */
function addSums(totals: usize, x: usize, first: usize, end: usize, stride: usize, mask: usize): void {
  let s0 = splat(0), s1 = splat(0), s2 = splat(0), s3 = splat(0);
  let at = x + first * stride;
  for (let r = first; r < end; r++, at += stride)
    if (mask == 0 || i32.load(mask + 4 * r) != 0) {
      s0 = add(s0, load(at));
      s1 = add(s1, v128.load(at, 16));
      s2 = add(s2, v128.load(at, 32));
      s3 = add(s3, v128.load(at, 48));
    }
  v128.store(totals, add(load(totals), s0));
  v128.store(totals, add(v128.load(totals, 16), s1), 16);
  v128.store(totals, add(v128.load(totals, 32), s2), 32);
  v128.store(totals, add(v128.load(totals, 48), s3), 48);
}
