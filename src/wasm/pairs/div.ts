import { div, splat } from '../lib/lanes';

export function pair(a: v128, b: v128): v128 {
  return div(a, b);
}
export function byA(a: v128, b: v128): v128 {
  return div(splat(1), b);
}
export function byB(a: v128, b: v128): v128 {
  return div(div(f32x4.neg(a), b), b);
}
