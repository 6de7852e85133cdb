import type { Twin } from './twin.ts';
import { descend } from './gradient.ts';

/** Twin of shaders/rmsprop.wgsl. */
export const rmsprop: Twin<'rmsprop'> = ({ velocity, average, change, ...arrays }, p) =>
  descend(arrays, p, (g, i) => {
    velocity[i] = p.rho * velocity[i] + p.oneMinusRho * g * g;
    let spread = velocity[i];
    if (p.centered) {
      average[i] = p.rho * average[i] + p.oneMinusRho * g;
      spread = Math.max(velocity[i] - average[i] * average[i], 0);
    }
    let u = (p.learningRate * g) / Math.sqrt(spread + p.epsilon);
    if (p.hasMomentum) {
      u += p.momentum * change[i];
      change[i] = u;
    }
    return u;
  });
