import { tanh } from '../lib/functions';
import { mul, sub } from '../lib/lanes';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return sub(x, tanh(x));
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  const t = tanh(v);
  return mul(t, t);
}
