import { withSign } from '../lib/functions';
import { one, splat, sub } from '../lib/lanes';

export function map(x: v128, alpha: f32, beta: f32): v128 {
  return withSign(f32x4.max(sub(f32x4.abs(x), splat(alpha)), splat(0)), x);
}
export function gradient(v: v128, alpha: f32, beta: f32): v128 {
  return one(f32x4.gt(f32x4.abs(v), splat(alpha)));
}
