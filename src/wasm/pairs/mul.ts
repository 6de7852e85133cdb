import { mul } from '../lib/lanes';

export function pair(a: v128, b: v128): v128 {
  return mul(a, b);
}
export function pairInt(a: v128, b: v128): v128 {
  return i32x4.mul(a, b);
}
export function byA(a: v128, b: v128): v128 {
  return b;
}
export function byB(a: v128, b: v128): v128 {
  return a;
}
