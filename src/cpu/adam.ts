import type { Twin } from './device.ts';
import { clipGradient, clipScale } from './gradient.ts';

/** Twin of shaders/adam.wgsl. */
export const adam: Twin<'adam'> = (
  { gradient, norms, guard, weight, momentum, velocity, velocityMax },
  p,
) => {
  if (p.guarded && guard[0] !== 0) return;
  const scale = clipScale(p.clipNorm, norms[p.normIndex]);
  for (let i = 0; i < p.size; i++) {
    const g = clipGradient(gradient[i], scale, p.clipValue);
    const w = weight[i] - p.decay * weight[i];
    momentum[i] += p.oneMinusBeta1 * (g - momentum[i]);
    velocity[i] += p.oneMinusBeta2 * (g * g - velocity[i]);
    let v = velocity[i];
    if (p.amsgrad) {
      v = Math.max(velocityMax[i], v);
      velocityMax[i] = v;
    }
    weight[i] = w - (p.alpha * momentum[i]) / (Math.sqrt(v) + p.epsilon);
  }
};
