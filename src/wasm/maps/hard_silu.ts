import { add, div, mul, select, splat } from '../lib/lanes';
import { map as hardSigmoid } from './hard_sigmoid';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return mul(x, hardSigmoid(x, 6, 0));
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  const inner = add(div(v, splat(3)), splat(0.5));
  return v128.andnot(select(f32x4.lt(v, splat(3)), inner, splat(1)), f32x4.lt(v, splat(-3)));
}
