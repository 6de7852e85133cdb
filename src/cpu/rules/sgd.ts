import type { RuleTwin } from '../twin.ts';

/** Twin of shaders/rules/sgd.wgsl. */
export const sgd: RuleTwin = (g, s, p, slots) => {
  const change = -p.learningRate * g;
  if (slots === 0) return -change;
  s[0] = p.momentum * s[0] + change;
  return -(p.nesterov ? p.momentum * s[0] + change : s[0]);
};
