import type { Twin } from './twin.ts';

/** Twin of shaders/sequence_flags.wgsl. */
export const sequenceFlags: Twin<'sequence_flags'> = ({ mask, order, flags, counts }, p) => {
  const isReal = (b: number, t: number): boolean =>
    mask[(p.ordered === 1 ? order[b] : b) * p.T + t] !== 0;
  for (let t = 0; t < p.T; t++) {
    counts[t] = 0;
    for (let b = 0; b < p.B; b++) if (isReal(b, t)) counts[t] = b + 1;
  }
  for (let d = 0; d < p.D; d++)
    for (let b = 0; b < p.B; b++) {
      let kept = p.continued === 1;
      for (let s = 0; s < p.T; s++) {
        const t = (p.reverse >> d) & 1 ? p.T - 1 - s : s;
        const real = isReal(b, t);
        kept = real || (kept && p.zeroMasked === 0);
        flags[t * p.B + b] = real ? 1 : 0;
        flags[((1 + d) * p.T + t) * p.B + b] = kept ? 1 : 0;
      }
    }
};
