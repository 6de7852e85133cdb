import { offsetOf, operandsOf, placeOf, stridesIn } from './broadcast.ts';
import type { Twin } from './twin.ts';

/** Twin of shaders/select.wgsl. */
export const select: Twin<'select'> = ({ condition, a, b, out }, params, variant) => {
  const { left, right } = operandsOf(a, b, params, variant.constants?.SCALAR ?? 0);
  const strides = stridesIn(params, 'c');
  for (let i = 0; i < params.size; i++) {
    const holds = condition[offsetOf(placeOf(i, params), strides)] !== 0;
    out[i] = holds ? left(i) : right(i);
  }
};
