import type { Twin } from './device.ts';
import { clipGradient, clipScale } from './gradient.ts';

/** Twin of shaders/rmsprop.wgsl. */
export const rmsprop: Twin<'rmsprop'> = (
  { gradient, norms, guard, weight, velocity, average, change },
  p,
) => {
  if (p.guarded && guard[0] !== 0) return;
  const scale = clipScale(p.clipNorm, norms[p.normIndex]);
  for (let i = 0; i < p.size; i++) {
    const g = clipGradient(gradient[i], scale, p.clipValue);
    const w = weight[i] - p.decay * weight[i];
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
    weight[i] = w - u;
  }
};
