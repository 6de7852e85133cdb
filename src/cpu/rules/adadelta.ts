import type { RuleTwin } from '../twin.ts';

/** Twin of shaders/rules/adadelta.wgsl. */
export const adadelta: RuleTwin = (g, s, p) => {
  s[0] = p.rho * s[0] + p.oneMinusRho * g * g;
  const u = (g * Math.sqrt(s[1] + p.epsilon)) / Math.sqrt(s[0] + p.epsilon);
  s[1] = Math.min(p.rho * s[1] + p.oneMinusRho * u * u, 1e12);
  return p.learningRate * u;
};
