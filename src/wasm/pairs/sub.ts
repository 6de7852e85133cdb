import { sub } from '../lib/lanes';

export function pair(a: v128, b: v128): v128 {
  return sub(a, b);
}
export function pairInt(a: v128, b: v128): v128 {
  return i32x4.sub(a, b);
}
