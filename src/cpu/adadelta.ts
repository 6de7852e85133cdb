import type { Twin } from './device.ts';
import { clipGradient, clipScale } from './gradient.ts';

/** Twin of shaders/adadelta.wgsl. */
export const adadelta: Twin<'adadelta'> = (
  { gradient, norms, guard, weight, accumulator, change },
  p,
) => {
  if (p.guarded && guard[0] !== 0) return;
  const scale = clipScale(p.clipNorm, norms[p.normIndex]);
  for (let i = 0; i < p.size; i++) {
    const g = clipGradient(gradient[i], scale, p.clipValue);
    const w = weight[i] - p.decay * weight[i];
    accumulator[i] = p.rho * accumulator[i] + p.oneMinusRho * g * g;
    const u = (g * Math.sqrt(change[i] + p.epsilon)) / Math.sqrt(accumulator[i] + p.epsilon);
    change[i] = p.rho * change[i] + p.oneMinusRho * u * u;
    weight[i] = w - p.learningRate * u;
  }
};
