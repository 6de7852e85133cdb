/** shaders/sequence_flags.wgsl */
export function sequenceFlags(
  mask: usize, order: usize, elapsed: usize, flags: usize, counts: usize, elapsedAfter: usize,
  T: usize, B: usize, D: usize, reverse: u32, hasMask: i32, ordered: i32, zeroMasked: i32, continued: i32, hasElapsed: i32,
): void {
  memory.fill(counts, 0, 4 * T);
  for (let b: usize = 0; b < B; b++) {
    const row = ordered == 1 ? <usize>i32.load(order + 4 * b) : b;
    const rowMask = mask + 4 * row * T;
    for (let d: usize = 0; d < D; d++) {
      let kept = continued == 1;
      let behind = hasElapsed == 1 ? i32.load(elapsed + 4 * row) : 0;
      for (let s: usize = 0; s < T; s++) {
        const t = ((reverse >> <u32>d) & 1) == 1 ? T - 1 - s : s;
        const real = hasMask == 0 || i32.load(rowMask + 4 * t) != 0;
        kept = real || (kept && zeroMasked == 0);
        i32.store(flags + 4 * (t * B + b), <i32>real);
        i32.store(flags + 4 * (((1 + d) * T + t) * B + b), kept ? 1 + behind : 0);
        if (real) {
          i32.store(counts + 4 * t, <i32>b + 1);
          behind++;
        }
      }
      if (hasElapsed == 1 && d == 0) i32.store(elapsedAfter + 4 * row, behind);
    }
  }
}
