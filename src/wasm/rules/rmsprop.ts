import { add, div, load, madd, mul, splat, sub } from '../lib/lanes';

export function rule(
  g: v128, slot0: usize, slot1: usize, slot2: usize, slots: i32, learningRate: f32, rho: f32, oneMinusRho: f32, epsilon: f32,
  momentum: f32,
): v128 {
  const v = madd(splat(rho), load(slot0), mul(mul(splat(oneMinusRho), g), g));
  v128.store(slot0, v);
  let variance = v;
  if ((slots & 2) != 0) {
    const a = madd(splat(rho), load(slot1), mul(splat(oneMinusRho), g));
    v128.store(slot1, a);
    // Rounding must not make it negative.
    variance = f32x4.max(sub(v, mul(a, a)), splat(0));
  }
  let u = div(mul(splat(learningRate), g), f32x4.sqrt(add(variance, splat(epsilon))));
  if ((slots & 4) != 0) {
    u = madd(splat(momentum), load(slot2), u);
    v128.store(slot2, u);
  }
  return u;
}
