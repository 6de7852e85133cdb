import { offsetOf, operandsOf, placeOf } from './broadcast.ts';
import type { Twin } from './device.ts';

/** Twin of shaders/select.wgsl. */
export const select: Twin<'select'> = ({ condition, a, b, out }, params, variant) => {
  const { left, right } = operandsOf(a, b, params, variant.constants?.SCALAR ?? 0);
  const { c0, c1, c2, c3, c4, c5 } = params;
  for (let i = 0; i < params.size; i++) {
    const holds = condition[offsetOf(placeOf(i, params), [c0, c1, c2, c3, c4, c5])] !== 0;
    out[i] = holds ? left(i) : right(i);
  }
};
