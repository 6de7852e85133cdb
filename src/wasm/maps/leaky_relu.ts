import { mul, select, splat } from '../lib/lanes';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return select(f32x4.gt(x, splat(0)), x, mul(splat(alpha), x));
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  return select(f32x4.gt(v, splat(0)), splat(1), splat(alpha));
}
