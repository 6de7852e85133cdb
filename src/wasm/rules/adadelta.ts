import { add, div, load, madd, mul, splat } from '../lib/lanes';

export function rule(
  g: v128, slot0: usize, slot1: usize, slot2: usize, slots: i32, learningRate: f32, rho: f32, oneMinusRho: f32, epsilon: f32,
): v128 {
  const a = madd(splat(rho), load(slot0), mul(mul(splat(oneMinusRho), g), g));
  const u = div(mul(g, f32x4.sqrt(add(load(slot1), splat(epsilon)))), f32x4.sqrt(add(a, splat(epsilon))));
  v128.store(slot0, a);
  const d = madd(splat(rho), load(slot1), mul(mul(splat(oneMinusRho), u), u));
  v128.store(slot1, f32x4.min(d, splat(1e12)));
  return mul(splat(learningRate), u);
}
