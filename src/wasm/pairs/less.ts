import { bit } from '../lib/lanes';

export function pair(a: v128, b: v128): v128 {
  return bit(f32x4.lt(a, b));
}
export function pairInt(a: v128, b: v128): v128 {
  return bit(i32x4.lt_s(a, b));
}
