import type { Twin } from './twin.ts';
import { descend } from './gradient.ts';

/** Twin of shaders/sgd.wgsl. */
export const sgd: Twin<'sgd'> = ({ velocity, ...arrays }, p) =>
  descend(arrays, p, (g, i) => {
    const change = -p.learningRate * g;
    if (!p.hasVelocity) return -change;
    velocity[i] = p.momentum * velocity[i] + change;
    return -(p.nesterov ? p.momentum * velocity[i] + change : velocity[i]);
  });
