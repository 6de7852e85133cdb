import type { Twin } from './twin.ts';

/** Twin of shaders/normalize.wgsl. */
export const normalize: Twin<'normalize'> = ({ x, y, roots }, { rows, columns, epsilon }) => {
  for (let i = 0; i < rows; i++) {
    const begin = i * columns;
    const end = begin + columns;
    let mean = 0;
    for (let k = begin; k < end; k++) mean += x[k] / columns;
    let variance = 0;
    for (let k = begin; k < end; k++) variance += (x[k] - mean) ** 2 / columns;
    const root = 1 / Math.sqrt(variance + epsilon);
    for (let k = begin; k < end; k++) y[k] = (x[k] - mean) * root;
    roots[i] = root;
  }
};
