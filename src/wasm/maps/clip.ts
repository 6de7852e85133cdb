import { one, splat } from '../lib/lanes';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return f32x4.min(f32x4.max(x, splat(alpha)), splat(beta));
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  return one(v128.and(f32x4.ge(v, splat(alpha)), f32x4.le(v, splat(beta))));
}
