import { add, div, madd, mul, select, splat, sub } from '../lib/lanes';

/** √(x² + b), also where x² overflows. */
function root(x: v128, b: f32): v128 {
  const size = f32x4.abs(x);
  return select(f32x4.gt(size, splat(1e9)), size, f32x4.sqrt(madd(x, x, splat(b))));
}

export function map(x: v128, alpha: f32, beta: f32): v128 {
  const r = root(x, alpha);
  // (x + r) / 2; below 0, where that cancels, multiplied by (r - x) / (r - x).
  const below = div(splat(0.5 * alpha), sub(r, x));
  return select(f32x4.lt(x, splat(0)), below, madd(splat(0.5), x, mul(splat(0.5), r)));
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  return mul(splat(0.5), add(splat(1), div(v, root(v, alpha))));
}
