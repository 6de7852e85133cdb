import { one, splat } from '../lib/lanes';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return v128.andnot(x, f32x4.le(f32x4.abs(x), splat(alpha)));
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  return one(f32x4.gt(f32x4.abs(v), splat(alpha)));
}
