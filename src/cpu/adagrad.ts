import type { Twin } from './twin.ts';
import { descend } from './gradient.ts';

/** Twin of shaders/adagrad.wgsl. */
export const adagrad: Twin<'adagrad'> = ({ accumulator, ...arrays }, p) =>
  descend(arrays, p, (g, i) => {
    accumulator[i] += g * g;
    return (p.learningRate * g) / Math.sqrt(accumulator[i] + p.epsilon);
  });
