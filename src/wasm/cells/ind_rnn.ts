// shaders/cells/ind_rnn.wgsl
import { act, actSaved, actSlope, gradient, operand, save, saved, setAfter, setGradient, setThrough, weight, x } from '../lib/cell';
import { madd, mul, splat } from '../lib/lanes';

// @ts-ignore: decorator
@inline
export function forward(phase: i32): void {
  const n = madd(weight(0), operand(), x(0));
  const next = act(n);
  save(0, actSaved(n, next));
  setAfter(0, next);
}

// @ts-ignore: decorator
@inline
export function backward(phase: i32): void {
  const dn = mul(gradient(0), actSlope(saved(0)));
  save(0, dn);
  save(1, mul(dn, operand()));
  setThrough(mul(dn, weight(0)));
  setGradient(0, splat(0));
}
