import { normalCdf, normalDensity, within } from '../lib/functions';
import { madd, mul } from '../lib/lanes';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return mul(x, normalCdf(x));
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  return madd(within(v), normalDensity(v), normalCdf(v));
}
