import type { Twin } from './twin.ts';

/** Twin of shaders/squares.wgsl: all in the first part. */
export const squares: Twin<'squares'> = ({ gradient, parts }, { size, first }) => {
  let sum = 0;
  let bad = 0;
  for (let i = 0; i < size; i++) {
    sum += gradient[i] * gradient[i];
    if (!Number.isFinite(gradient[i])) bad = 1;
  }
  parts.fill(0, 2 * first, 2 * (first + 64));
  parts[2 * first] = sum;
  parts[2 * first + 1] = bad;
};
