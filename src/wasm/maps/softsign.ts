import { add, div, mul, splat } from '../lib/lanes';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return div(x, add(splat(1), f32x4.abs(x)));
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  const d = add(splat(1), f32x4.abs(v));
  return div(splat(1), mul(d, d));
}
