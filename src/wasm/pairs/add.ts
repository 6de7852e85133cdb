import { add } from '../lib/lanes';

export function pair(a: v128, b: v128): v128 {
  return add(a, b);
}
export function pairInt(a: v128, b: v128): v128 {
  return i32x4.add(a, b);
}
