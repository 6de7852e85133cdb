import { sigmoid, within } from '../lib/functions';
import { madd, mul, splat } from '../lib/lanes';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return mul(x, sigmoid(x));
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  return mul(sigmoid(v), madd(within(v), sigmoid(f32x4.neg(v)), splat(1)));
}
