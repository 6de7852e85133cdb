import { copyRow, fillRow } from '../lib/rows';

/** shaders/time_major.wgsl */
export function timeMajor(x: usize, order: usize, mask: usize, out: usize, T: usize, B: usize, N: usize, toTime: i32, ordered: i32): void {
  for (let t: usize = 0; t < T; t++)
    for (let place: usize = 0; place < B; place++) {
      const b = ordered == 1 ? <usize>i32.load(order + 4 * place) : place;
      const from = toTime == 1 ? b * T + t : t * B + b;
      const to = out + 4 * N * (toTime == 1 ? t * B + place : place * T + t);
      if (toTime == 0 || i32.load(mask + 4 * from) != 0) copyRow(to, x + 4 * N * from, N);
      else fillRow(to, 0, N);
    }
}
