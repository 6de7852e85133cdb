import { add, div, load, madd, mul, splat, sub } from '../lib/lanes';

export function rule(
  g: v128, slot0: usize, slot1: usize, slot2: usize, slots: i32, alpha: f32, oneMinusBeta1: f32, beta2: f32, epsilon: f32,
): v128 {
  const m = madd(splat(oneMinusBeta1), sub(g, load(slot0)), load(slot0));
  const n = f32x4.max(mul(splat(beta2), load(slot1)), f32x4.abs(g));
  v128.store(slot0, m);
  v128.store(slot1, n);
  return div(mul(splat(alpha), m), add(n, splat(epsilon)));
}
