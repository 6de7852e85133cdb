import type { Twin } from './device.ts';

/** Twin of shaders/sequence_flags.wgsl. */
export const sequenceFlags: Twin<'sequence_flags'> = ({ mask, order, flags }, p) => {
  for (let d = 0; d < p.D; d++)
    for (let b = 0; b < p.B; b++) {
      const row = p.ordered === 1 ? order[b] : b;
      let kept = p.continued === 1;
      for (let s = 0; s < p.T; s++) {
        const t = (p.reverse >> d) & 1 ? p.T - 1 - s : s;
        const real = mask[row * p.T + t] !== 0;
        kept = real || (kept && p.zeroMasked === 0);
        flags[t * p.B + b] = real ? 1 : 0;
        flags[((1 + d) * p.T + t) * p.B + b] = kept ? 1 : 0;
      }
    }
};
