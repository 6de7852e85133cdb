import { splat } from '../lib/lanes';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return f32x4.neg(x);
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  return splat(-1);
}
