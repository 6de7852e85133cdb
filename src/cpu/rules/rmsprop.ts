import type { RuleTwin } from '../twin.ts';

/** Twin of shaders/rules/rmsprop.wgsl. */
export const rmsprop: RuleTwin = (g, s, p, slots) => {
  s[0] = p.rho * s[0] + p.oneMinusRho * g * g;
  let spread = s[0];
  if (slots & 2) {
    s[1] = p.rho * s[1] + p.oneMinusRho * g;
    spread = Math.max(s[0] - s[1] * s[1], 0);
  }
  let u = (p.learningRate * g) / Math.sqrt(spread + p.epsilon);
  if (slots & 4) {
    u += p.momentum * s[2];
    s[2] = u;
  }
  return u;
};
