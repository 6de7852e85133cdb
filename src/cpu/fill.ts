import type { Twin } from './twin.ts';

/** Twin of shaders/fill.wgsl. */
export const fill: Twin<'fill'> = ({ out }, { size, value }) => {
  out.fill(value, 0, size);
};
