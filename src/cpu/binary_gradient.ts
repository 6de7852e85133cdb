import { operandsOf } from './broadcast.ts';
import { PAIR_TWINS } from './slots.generated.ts';
import type { Twin } from './twin.ts';

/** Twin of shaders/binary_gradient.wgsl. */
export const binaryGradient: Twin<'binary_gradient'> = (
  { a, b, dout, da, db },
  params,
  { slots, constants },
) => {
  const { byA, byB } = PAIR_TWINS[slots!.pair!];
  const { left, right } = operandsOf(a, b, params, constants?.SCALAR ?? 0);
  for (let i = 0; i < params.size; i++) {
    if (params.hasA) da[i] = dout[i] * byA!(left(i), right(i));
    if (params.hasB) db[i] = dout[i] * byB!(left(i), right(i));
  }
};
