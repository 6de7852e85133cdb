import type { Twin } from './device.ts';
import { clipGradient, clipScale } from './gradient.ts';

/** Twin of shaders/sgd.wgsl. */
export const sgd: Twin<'sgd'> = ({ gradient, norms, guard, weight, velocity }, p) => {
  if (p.guarded && guard[0] !== 0) return;
  const scale = clipScale(p.clipNorm, norms[p.normIndex]);
  for (let i = 0; i < p.size; i++) {
    const g = clipGradient(gradient[i], scale, p.clipValue);
    const w = weight[i] - p.decay * weight[i];
    const change = -p.learningRate * g;
    if (!p.hasVelocity) {
      weight[i] = w + change;
      continue;
    }
    velocity[i] = p.momentum * velocity[i] + change;
    weight[i] = w + (p.nesterov ? p.momentum * velocity[i] + change : velocity[i]);
  }
};
