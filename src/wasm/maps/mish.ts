import { sigmoid, softplus, tanh, within } from '../lib/functions';
import { madd, mul, splat, sub } from '../lib/lanes';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return mul(x, tanh(softplus(x)));
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  const t = tanh(softplus(v));
  // Far out 1 - t² is 0, and must not meet an infinity.
  return madd(mul(within(v), sigmoid(v)), sub(splat(1), mul(t, t)), t);
}
