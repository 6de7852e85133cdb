import type { RuleTwin } from '../twin.ts';

/** Twin of shaders/rules/nadam.wgsl. */
export const nadam: RuleTwin = (g, s, p) => {
  s[0] += p.oneMinusBeta1 * (g - s[0]);
  s[1] += p.oneMinusBeta2 * (g * g - s[1]);
  const ahead = p.momentumScale * s[0] + p.gradientScale * g;
  return (p.learningRate * ahead) / (Math.sqrt(p.velocityScale * s[1]) + p.epsilon);
};
