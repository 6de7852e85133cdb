import type { RuleTwin } from '../twin.ts';

/** Twin of shaders/rules/adagrad.wgsl. */
export const adagrad: RuleTwin = (g, s, p) => {
  s[0] += g * g;
  return (p.learningRate * g) / Math.sqrt(s[0] + p.epsilon);
};
