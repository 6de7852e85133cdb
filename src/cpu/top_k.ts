import type { Twin } from './twin.ts';

/** Twin of shaders/top_k.wgsl. */
export const topK: Twin<'top_k'> = ({ x, indices }, { rows, columns, k }) => {
  for (let r = 0; r < rows; r++) {
    const at = (c: number) => x[r * columns + c];
    const order = Array.from({ length: columns }, (_, c) => c);
    order.sort((a, b) => at(b) - at(a) || a - b);
    for (let j = 0; j < k; j++) indices[r * k + j] = order[j];
  }
};
