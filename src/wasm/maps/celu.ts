import { add, div, mul, select, splat } from '../lib/lanes';
import { expm1 } from '../lib/math';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return select(f32x4.gt(x, splat(0)), x, mul(splat(alpha), expm1(div(f32x4.pmin(x, splat(0)), splat(alpha)))));
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  return select(f32x4.gt(v, splat(0)), splat(1), add(div(v, splat(alpha)), splat(1)));
}
