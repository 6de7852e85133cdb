import { operandsOf } from './broadcast.ts';
import { PAIR_TWINS } from './slots.generated.ts';
import type { Twin } from './twin.ts';

/** Twin of shaders/binary.wgsl. */
export const binary: Twin<'binary'> = ({ a, b, out }, params, { slots, constants }) => {
  const { pair } = PAIR_TWINS[slots!.pair!];
  const { left, right } = operandsOf(a, b, params, constants?.SCALAR ?? 0);
  for (let i = 0; i < params.size; i++) out[i] = pair(left(i), right(i));
};
