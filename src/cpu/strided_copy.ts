import type { Twin } from './device.ts';

/** Twin of shaders/strided_copy.wgsl. */
export const stridedCopy: Twin<'strided_copy'> = ({ x, out }, p) => {
  const extents = [p.extent0, p.extent1, p.extent2, p.extent3, p.extent4, p.extent5];
  const from = [p.from0, p.from1, p.from2, p.from3, p.from4, p.from5];
  const to = [p.to0, p.to1, p.to2, p.to3, p.to4, p.to5];
  for (let i = 0; i < p.size; i++) {
    let rest = i;
    let source = p.fromOffset;
    let target = p.toOffset;
    for (let axis = 0; axis < p.rank; axis++) {
      const place = rest % extents[axis];
      source += place * from[axis];
      target += place * to[axis];
      rest = Math.floor(rest / extents[axis]);
    }
    out[target] = x[source];
  }
};
