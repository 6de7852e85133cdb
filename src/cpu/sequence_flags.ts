import type { Twin } from './twin.ts';

/** Twin of shaders/sequence_flags.wgsl. */
export const sequenceFlags: Twin<'sequence_flags'> = (a, p) => {
  const rowAt = (b: number): number => (p.ordered === 1 ? a.order[b] : b);
  const isReal = (row: number, t: number): boolean =>
    p.hasMask === 0 || a.mask[row * p.T + t] !== 0;
  for (let t = 0; t < p.T; t++) {
    a.counts[t] = 0;
    for (let b = 0; b < p.B; b++) if (isReal(rowAt(b), t)) a.counts[t] = b + 1;
  }
  for (let d = 0; d < p.D; d++)
    for (let b = 0; b < p.B; b++) {
      const row = rowAt(b);
      let kept = p.continued === 1;
      let behind = p.hasElapsed ? a.elapsed[row] : 0;
      for (let s = 0; s < p.T; s++) {
        const t = (p.reverse >> d) & 1 ? p.T - 1 - s : s;
        const real = isReal(row, t);
        kept = real || (kept && p.zeroMasked === 0);
        a.flags[t * p.B + b] = real ? 1 : 0;
        a.flags[((1 + d) * p.T + t) * p.B + b] = kept ? 1 + behind : 0;
        if (real) behind++;
      }
      if (p.hasElapsed && d === 0) a.elapsedAfter[row] = behind;
    }
};
