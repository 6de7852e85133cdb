import { add, div, mul, splat } from '../lib/lanes';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  const width = splat(alpha);
  return div(f32x4.pmin(f32x4.pmax(add(x, mul(width, splat(0.5))), splat(0)), width), width);
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  return v128.and(v128.and(f32x4.gt(v, splat(0)), f32x4.lt(v, splat(1))), splat(1 / alpha));
}
