import { load } from '../lib/lanes';
import { copyRow } from '../lib/rows';

/** shaders/strided_copy.wgsl: axes that are not in use have the extent 1. */
export function stridedCopy(
  x: usize, out: usize,
  extent0: usize, extent1: usize, extent2: usize, extent3: usize, extent4: usize, extent5: usize,
  from0: usize, from1: usize, from2: usize, from3: usize, from4: usize, from5: usize,
  to0: usize, to1: usize, to2: usize, to3: usize, to4: usize, to5: usize,
  fromOffset: usize, toOffset: usize,
): void {
  for (let p5: usize = 0; p5 < extent5; p5++)
    for (let p4: usize = 0; p4 < extent4; p4++)
      for (let p3: usize = 0; p3 < extent3; p3++)
        for (let p2: usize = 0; p2 < extent2; p2++) {
          const from = x + 4 * (fromOffset + p2 * from2 + p3 * from3 + p4 * from4 + p5 * from5);
          const to = out + 4 * (toOffset + p2 * to2 + p3 * to3 + p4 * to4 + p5 * to5);
          if (from1 == 1 && to0 == 1) transpose(to, 4 * to1, from, 4 * from0, extent0, extent1);
          else for (let p1: usize = 0; p1 < extent1; p1++)
            if (from0 == 1 && to0 == 1) copyRow(to + 4 * p1 * to1, from + 4 * p1 * from1, extent0);
            else copyApart(to + 4 * p1 * to1, 4 * to0, from + 4 * p1 * from1, 4 * from0, extent0);
        }
}

/** n numbers that do not lie side by side; the steps are in bytes. */
function copyApart(to: usize, toStep: usize, from: usize, fromStep: usize, n: usize): void {
  for (; n > 0; n--, to += toStep, from += fromStep) i32.store(to, i32.load(from));
}

/** A matrix of `rows` by `columns`, four by four; the steps from row to row are in bytes. */
function transpose(to: usize, toStep: usize, from: usize, fromStep: usize, rows: usize, columns: usize): void {
  for (let r: usize = 0; r < rows; r += 4)
    for (let c: usize = 0; c < columns; c += 4) {
      const source = from + r * fromStep + 4 * c;
      const target = to + c * toStep + 4 * r;
      if (r + 4 <= rows && c + 4 <= columns) transposeFour(target, toStep, source, fromStep);
      else for (let i: usize = 0; i < min<usize>(rows - r, 4); i++)
        copyApart(target + 4 * i, toStep, source + i * fromStep, 4, min<usize>(columns - c, 4));
    }
}

// @ts-ignore: decorator
@inline
function transposeFour(to: usize, toStep: usize, from: usize, fromStep: usize): void {
  const a = load(from), b = load(from + fromStep), c = load(from + 2 * fromStep), d = load(from + 3 * fromStep);
  const ab = i32x4.shuffle(a, b, 0, 4, 1, 5), cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
  v128.store(to, i64x2.shuffle(ab, cd, 0, 2));
  v128.store(to + toStep, i64x2.shuffle(ab, cd, 1, 3));
  const abHigh = i32x4.shuffle(a, b, 2, 6, 3, 7), cdHigh = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(to + 2 * toStep, i64x2.shuffle(abHigh, cdHigh, 0, 2));
  v128.store(to + 3 * toStep, i64x2.shuffle(abHigh, cdHigh, 1, 3));
}
