import type { Twin } from './device.ts';
import { clipGradient, clipScale } from './gradient.ts';

/** Twin of shaders/adagrad.wgsl. */
export const adagrad: Twin<'adagrad'> = ({ gradient, norms, guard, weight, accumulator }, p) => {
  if (p.guarded && guard[0] !== 0) return;
  const scale = clipScale(p.clipNorm, norms[p.normIndex]);
  for (let i = 0; i < p.size; i++) {
    const g = clipGradient(gradient[i], scale, p.clipValue);
    const w = weight[i] - p.decay * weight[i];
    accumulator[i] += g * g;
    weight[i] = w - (p.learningRate * g) / Math.sqrt(accumulator[i] + p.epsilon);
  }
};
