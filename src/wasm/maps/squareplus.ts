import { add, div, madd, mul, select, splat } from '../lib/lanes';

/** √(x² + b), also where x² overflows. */
function root(x: v128, b: f32): v128 {
  const size = f32x4.abs(x);
  return select(f32x4.gt(size, splat(1e9)), size, f32x4.sqrt(madd(x, x, splat(b))));
}

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return mul(splat(0.5), add(x, root(x, alpha)));
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  return mul(splat(0.5), add(splat(1), div(v, root(v, alpha))));
}
