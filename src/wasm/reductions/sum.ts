import { add, splat } from '../lib/lanes';

/** Of nothing. */
export function start(): v128 {
  return splat(0);
}
/** What an element counts. */
export function term(x: v128): v128 {
  return x;
}
export function join(a: v128, b: v128): v128 {
  return add(a, b);
}
