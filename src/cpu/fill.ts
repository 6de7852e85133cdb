import type { Twin } from './device.ts';

/** Twin of shaders/fill.wgsl. */
export const fill: Twin<'fill'> = ({ out }, { size, value }) => {
  out.fill(value, 0, size);
};
