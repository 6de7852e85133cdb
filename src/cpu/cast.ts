import type { Twin } from './twin.ts';

/** Twin of shaders/cast.wgsl. */
export const cast: Twin<'cast'> = ({ x, y }, { size }) => {
  // An Int32Array drops the fraction by itself.
  for (let i = 0; i < size; i++) y[i] = x[i]!;
};
