import { tanh, within } from '../lib/functions';
import { add, madd, mul, splat, sub } from '../lib/lanes';

/** √(2 / π) */
const SLOPE: f32 = 0.7978845608;

/** tanh(√(2 / π) (x + 0.044715 x³)) */
function inner(x: v128): v128 {
  return tanh(mul(mul(splat(SLOPE), x), madd(splat(0.044715), mul(x, x), splat(1))));
}

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return mul(mul(splat(0.5), x), add(splat(1), inner(x)));
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  const t = inner(v);
  // Far out 1 - t² is 0, and must not meet an infinity.
  const x = within(v);
  const slope = mul(splat(SLOPE), madd(splat(0.134145), mul(x, x), splat(1)));
  return mul(splat(0.5), add(add(splat(1), t), mul(mul(x, sub(splat(1), mul(t, t))), slope)));
}
