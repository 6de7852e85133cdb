import { mul, splat, sub } from '../lib/lanes';
import { sigmoid } from '../lib/math';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return sigmoid(x);
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  return mul(v, sub(splat(1), v));
}
