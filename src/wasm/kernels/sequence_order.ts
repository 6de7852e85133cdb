import { scratch } from '../lib/scratch';

/** shaders/sequence_order.wgsl: sorted by counting, which is stable. */
export function sequenceOrder(mask: usize, counts: usize, order: usize, places: usize, T: usize, B: usize): void {
  // How many rows have n real steps, at T - n: so that the longest come first; then where those with n begin.
  const lengths = scratch(4 * (T + 1));
  memory.fill(lengths, 0, 4 * (T + 1));
  for (let b: usize = 0; b < B; b++) {
    let count: usize = 0;
    for (let t: usize = 0; t < T; t++) count += <usize>(i32.load(mask + 4 * (b * T + t)) != 0);
    i32.store(counts + 4 * b, <i32>count);
    const at = lengths + 4 * (T - count);
    i32.store(at, i32.load(at) + 1);
  }
  let begin: usize = 0;
  for (let n: usize = 0; n <= T; n++) {
    const rows: usize = i32.load(lengths + 4 * n);
    i32.store(lengths + 4 * n, <i32>begin);
    begin += rows;
  }
  for (let b: usize = 0; b < B; b++) {
    const at = lengths + 4 * (T - i32.load(counts + 4 * b));
    const place: usize = i32.load(at);
    i32.store(at, <i32>place + 1);
    i32.store(places + 4 * b, <i32>place);
    i32.store(order + 4 * place, <i32>b);
  }
}
