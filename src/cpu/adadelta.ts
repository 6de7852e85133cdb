import type { Twin } from './twin.ts';
import { descend } from './gradient.ts';

/** Twin of shaders/adadelta.wgsl. */
export const adadelta: Twin<'adadelta'> = ({ accumulator, change, ...arrays }, p) =>
  descend(arrays, p, (g, i) => {
    accumulator[i] = p.rho * accumulator[i] + p.oneMinusRho * g * g;
    const u = (g * Math.sqrt(change[i] + p.epsilon)) / Math.sqrt(accumulator[i] + p.epsilon);
    change[i] = p.rho * change[i] + p.oneMinusRho * u * u;
    return p.learningRate * u;
  });
