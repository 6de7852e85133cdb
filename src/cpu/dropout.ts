import { DROPOUT, philox } from '../random.ts';
import type { Twin } from './twin.ts';

/** Twin of shaders/dropout.wgsl. */
export const dropout: Twin<'dropout'> = ({ x, out }, p) => {
  let block = -1;
  let words = new Uint32Array(4);
  for (let i = 0; i < p.size; i++) {
    const position = Math.floor(i / (p.repeats * p.inner)) * p.inner + (i % p.inner);
    if (position >>> 2 !== block) {
      block = position >>> 2;
      words = philox([block, 0, p.step, DROPOUT], [p.seedLow, p.seedHigh]) as typeof words;
    }
    const value = p.hasInput ? x[i] : 1;
    out[i] = words[position & 3] >= p.threshold ? value * p.scale : 0;
  }
};
