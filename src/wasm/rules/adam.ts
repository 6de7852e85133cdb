import { add, div, load, madd, mul, splat, sub } from '../lib/lanes';

export function rule(
  g: v128, slot0: usize, slot1: usize, slot2: usize, slots: i32, alpha: f32, oneMinusBeta1: f32, oneMinusBeta2: f32, epsilon: f32,
): v128 {
  const m = madd(splat(oneMinusBeta1), sub(g, load(slot0)), load(slot0));
  let v = madd(splat(oneMinusBeta2), sub(mul(g, g), load(slot1)), load(slot1));
  v128.store(slot0, m);
  v128.store(slot1, v);
  if (slots == 7) {
    v = f32x4.max(load(slot2), v);
    v128.store(slot2, v);
  }
  return div(mul(splat(alpha), m), add(f32x4.sqrt(v), splat(epsilon)));
}
