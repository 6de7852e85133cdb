import { add, div, splat } from '../lib/lanes';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return div(f32x4.pmin(f32x4.pmax(add(x, splat(3)), splat(0)), splat(6)), splat(6));
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  return v128.and(v128.and(f32x4.gt(v, splat(0)), f32x4.lt(v, splat(1))), splat(1.0 / 6.0));
}
