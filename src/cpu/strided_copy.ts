import type { Twin } from './twin.ts';

/** Twin of shaders/strided_copy.wgsl. */
export const stridedCopy: Twin<'strided_copy'> = ({ x, out }, p) => {
  const numbered = (field: 'extent' | 'from' | 'to') =>
    ([0, 1, 2, 3, 4, 5] as const).map((axis) => p[`${field}${axis}`]);
  const [extents, from, to] = [numbered('extent'), numbered('from'), numbered('to')];
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
