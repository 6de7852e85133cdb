import type { Twin } from './twin.ts';
import { MAP_TWINS } from './slots.generated.ts';

/** Twin of shaders/unary_gradient.wgsl. */
export const unaryGradient: Twin<'unary_gradient'> = (
  { v, dy, dx },
  { size, alpha, beta },
  { slots },
) => {
  const gradient = MAP_TWINS[slots!.map!].gradient!;
  // At NaN it is NaN, whatever a comparison makes of it.
  for (let i = 0; i < size; i++)
    dx[i] = dy[i] * (Number.isNaN(v[i]) ? NaN : gradient(v[i], alpha, beta));
};
