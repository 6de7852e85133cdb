import type { RuleTwin } from '../twin.ts';

/** Twin of shaders/rules/adamax.wgsl. */
export const adamax: RuleTwin = (g, s, p) => {
  s[0] += p.oneMinusBeta1 * (g - s[0]);
  s[1] = Math.max(p.beta2 * s[1], Math.abs(g));
  return (p.alpha * s[0]) / (s[1] + p.epsilon);
};
