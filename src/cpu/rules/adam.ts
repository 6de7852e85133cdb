import type { RuleTwin } from '../twin.ts';

/** Twin of shaders/rules/adam.wgsl. */
export const adam: RuleTwin = (g, s, p, slots) => {
  s[0] += p.oneMinusBeta1 * (g - s[0]);
  s[1] += p.oneMinusBeta2 * (g * g - s[1]);
  let v = s[1];
  if (slots === 7) {
    v = Math.max(s[2], v);
    s[2] = v;
  }
  return (p.alpha * s[0]) / (Math.sqrt(v) + p.epsilon);
};
