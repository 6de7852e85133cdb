import type { Twin } from './twin.ts';
import { descend } from './gradient.ts';

/** Twin of shaders/adamax.wgsl. */
export const adamax: Twin<'adamax'> = ({ momentum, norm, ...arrays }, p) =>
  descend(arrays, p, (g, i) => {
    momentum[i] += p.oneMinusBeta1 * (g - momentum[i]);
    norm[i] = Math.max(p.beta2 * norm[i], Math.abs(g));
    return (p.alpha * momentum[i]) / (norm[i] + p.epsilon);
  });
