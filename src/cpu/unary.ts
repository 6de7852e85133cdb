import type { Twin } from './twin.ts';
import { MAP_TWINS } from './slots.generated.ts';

/** Twin of shaders/unary.wgsl. */
export const unary: Twin<'unary'> = ({ x, y }, { size, alpha, beta }, { slots }) => {
  const { map } = MAP_TWINS[slots!.map!];
  for (let i = 0; i < size; i++) y[i] = map(x[i], alpha, beta);
};
