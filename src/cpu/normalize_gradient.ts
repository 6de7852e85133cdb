import type { Twin } from './twin.ts';

/** Twin of shaders/normalize_gradient.wgsl. */
export const normalizeGradient: Twin<'normalize_gradient'> = (
  { y, roots, dy, dx },
  { rows, columns },
) => {
  for (let i = 0; i < rows; i++) {
    const begin = i * columns;
    const end = begin + columns;
    let [mean, slope] = [0, 0];
    for (let k = begin; k < end; k++) {
      mean += dy[k] / columns;
      slope += (dy[k] * y[k]) / columns;
    }
    for (let k = begin; k < end; k++) dx[k] = (dy[k] - mean - y[k] * slope) * roots[i];
  }
};
