import { load, madd, mul, splat, sub } from '../lib/lanes';

export function rule(
  g: v128, slot0: usize, slot1: usize, slot2: usize, slots: i32, learningRate: f32, momentum: f32, nesterov: f32,
): v128 {
  const change = mul(splat(learningRate), g);
  if (slots == 0) return change;
  const m = sub(mul(splat(momentum), load(slot0)), change);
  v128.store(slot0, m);
  return nesterov != 0 ? madd(splat(-momentum), m, change) : f32x4.neg(m);
}
