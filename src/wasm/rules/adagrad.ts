import { add, div, load, madd, mul, splat } from '../lib/lanes';

export function rule(
  g: v128, slot0: usize, slot1: usize, slot2: usize, slots: i32, learningRate: f32, epsilon: f32,
): v128 {
  const a = madd(g, g, load(slot0));
  v128.store(slot0, a);
  return div(mul(splat(learningRate), g), f32x4.sqrt(add(a, splat(epsilon))));
}
