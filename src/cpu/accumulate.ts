import type { Twin } from './twin.ts';

/** Twin of shaders/accumulate.wgsl. */
export const accumulate: Twin<'accumulate'> = ({ a, b, out }, { size }) => {
  for (let i = 0; i < size; i++) out[i] = a[i] + b[i];
};
