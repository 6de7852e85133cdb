import { add, mul, select, splat } from '../lib/lanes';
import { expm1 } from '../lib/math';

/** Klambauer et al. 2017, rounded as in their code. */
const SCALE: f32 = 1.0507009873554805;
const ALPHA: f32 = 1.6732632423543772;

export function map(x: v128, alpha: f32, beta: f32): v128 {
  const below = mul(splat(ALPHA), expm1(f32x4.pmin(x, splat(0))));
  return mul(splat(SCALE), select(f32x4.gt(x, splat(0)), x, below));
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  return select(f32x4.gt(v, splat(0)), splat(SCALE), add(v, splat(SCALE * ALPHA)));
}
