import { splat } from '../lib/lanes';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return f32x4.pmax(x, splat(0));
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  return v128.and(f32x4.gt(v, splat(0)), splat(1));
}
