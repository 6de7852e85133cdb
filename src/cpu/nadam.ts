import type { Twin } from './device.ts';
import { clipGradient, clipScale } from './gradient.ts';

/** Twin of shaders/nadam.wgsl. */
export const nadam: Twin<'nadam'> = ({ gradient, norms, guard, weight, momentum, velocity }, p) => {
  if (p.guarded && guard[0] !== 0) return;
  const scale = clipScale(p.clipNorm, norms[p.normIndex]);
  for (let i = 0; i < p.size; i++) {
    const g = clipGradient(gradient[i], scale, p.clipValue);
    const w = weight[i] - p.decay * weight[i];
    momentum[i] += p.oneMinusBeta1 * (g - momentum[i]);
    velocity[i] += p.oneMinusBeta2 * (g * g - velocity[i]);
    const ahead = p.momentumScale * momentum[i] + p.gradientScale * g;
    weight[i] =
      w - (p.learningRate * ahead) / (Math.sqrt(p.velocityScale * velocity[i]) + p.epsilon);
  }
};
