import { sigmoid, softplus } from '../lib/functions';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return f32x4.neg(softplus(f32x4.neg(x)));
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  return sigmoid(f32x4.neg(v));
}
