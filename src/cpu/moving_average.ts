import type { Twin } from './twin.ts';

/** Twin of shaders/moving_average.wgsl. */
export const movingAverage: Twin<'moving_average'> = (
  { value, guard, moving },
  { size, rate, guarded },
) => {
  if (guarded && guard[0] !== 0) return;
  for (let i = 0; i < size; i++) moving[i] -= rate * (moving[i] - value[i]);
};
