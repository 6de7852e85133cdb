import type { Twin } from './twin.ts';
import { descend } from './gradient.ts';

/** Twin of shaders/nadam.wgsl. */
export const nadam: Twin<'nadam'> = ({ momentum, velocity, ...arrays }, p) =>
  descend(arrays, p, (g, i) => {
    momentum[i] += p.oneMinusBeta1 * (g - momentum[i]);
    velocity[i] += p.oneMinusBeta2 * (g * g - velocity[i]);
    const ahead = p.momentumScale * momentum[i] + p.gradientScale * g;
    return (p.learningRate * ahead) / (Math.sqrt(p.velocityScale * velocity[i]) + p.epsilon);
  });
