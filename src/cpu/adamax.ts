import type { Twin } from './device.ts';
import { clipGradient, clipScale } from './gradient.ts';

/** Twin of shaders/adamax.wgsl. */
export const adamax: Twin<'adamax'> = ({ gradient, norms, guard, weight, momentum, norm }, p) => {
  if (p.guarded && guard[0] !== 0) return;
  const scale = clipScale(p.clipNorm, norms[p.normIndex]);
  for (let i = 0; i < p.size; i++) {
    const g = clipGradient(gradient[i], scale, p.clipValue);
    const w = weight[i] - p.decay * weight[i];
    momentum[i] += p.oneMinusBeta1 * (g - momentum[i]);
    norm[i] = Math.max(p.beta2 * norm[i], Math.abs(g));
    weight[i] = w - (p.alpha * momentum[i]) / (norm[i] + p.epsilon);
  }
};
