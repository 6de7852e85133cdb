import { exp } from '../lib/math';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return exp(x);
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  return v;
}
