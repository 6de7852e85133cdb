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
        for (let p2: usize = 0; p2 < extent2; p2++)
          for (let p1: usize = 0; p1 < extent1; p1++) {
            const from = fromOffset + p1 * from1 + p2 * from2 + p3 * from3 + p4 * from4 + p5 * from5;
            const to = toOffset + p1 * to1 + p2 * to2 + p3 * to3 + p4 * to4 + p5 * to5;
            if (from0 == 1 && to0 == 1) copyRow(out + 4 * to, x + 4 * from, extent0);
            else copyApart(out + 4 * to, 4 * to0, x + 4 * from, 4 * from0, extent0);
          }
}

/** n numbers that do not lie side by side; the steps are in bytes. */
function copyApart(to: usize, toStep: usize, from: usize, fromStep: usize, n: usize): void {
  for (; n > 0; n--, to += toStep, from += fromStep) i32.store(to, i32.load(from));
}
