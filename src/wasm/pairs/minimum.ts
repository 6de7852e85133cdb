import { one, splat } from '../lib/lanes';

export function pair(a: v128, b: v128): v128 {
  return f32x4.min(a, b);
}
export function pairInt(a: v128, b: v128): v128 {
  return i32x4.min_s(a, b);
}
/** Half at a tie. */
export function byA(a: v128, b: v128): v128 {
  return v128.or(one(f32x4.lt(a, b)), v128.and(f32x4.eq(a, b), splat(0.5)));
}
export function byB(a: v128, b: v128): v128 {
  return byA(b, a);
}
