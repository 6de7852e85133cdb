import { one, splat } from '../lib/lanes';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return f32x4.min(f32x4.max(x, splat(-1)), splat(1));
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  return one(f32x4.lt(f32x4.abs(v), splat(1)));
}
