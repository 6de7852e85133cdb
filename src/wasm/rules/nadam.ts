import { add, div, load, madd, mul, splat, sub } from '../lib/lanes';

export function rule(
  g: v128, slot0: usize, slot1: usize, slot2: usize, slots: i32, learningRate: f32, oneMinusBeta1: f32, oneMinusBeta2: f32,
  epsilon: f32, momentumScale: f32, gradientScale: f32, velocityScale: f32,
): v128 {
  const m = madd(splat(oneMinusBeta1), sub(g, load(slot0)), load(slot0));
  const v = madd(splat(oneMinusBeta2), sub(mul(g, g), load(slot1)), load(slot1));
  v128.store(slot0, m);
  v128.store(slot1, v);
  const ahead = madd(splat(momentumScale), m, mul(splat(gradientScale), g));
  return div(mul(splat(learningRate), ahead), add(f32x4.sqrt(mul(splat(velocityScale), v)), splat(epsilon)));
}
