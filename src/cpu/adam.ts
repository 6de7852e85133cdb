import type { Twin } from './twin.ts';
import { descend } from './gradient.ts';

/** Twin of shaders/adam.wgsl. */
export const adam: Twin<'adam'> = ({ momentum, velocity, velocityMax, ...arrays }, p) =>
  descend(arrays, p, (g, i) => {
    momentum[i] += p.oneMinusBeta1 * (g - momentum[i]);
    velocity[i] += p.oneMinusBeta2 * (g * g - velocity[i]);
    let v = velocity[i];
    if (p.amsgrad) {
      v = Math.max(velocityMax[i], v);
      velocityMax[i] = v;
    }
    return (p.alpha * momentum[i]) / (Math.sqrt(v) + p.epsilon);
  });
