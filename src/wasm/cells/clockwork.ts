// shaders/cells/clockwork.wgsl
import {
  act, actSaved, actSlope, before, gradient, h, isMultiple, save, saved, setAfter, setGradient, x,
} from '../lib/cell';
import { add, mul } from '../lib/lanes';

// @ts-ignore: decorator
@inline
export function forward(phase: i32): void {
  const n = add(x(0), h(0));
  const next = act(n);
  save(0, actSaved(n, next));
  setAfter(0, v128.bitselect(next, before(0), isMultiple(0)));
}

// @ts-ignore: decorator
@inline
export function backward(phase: i32): void {
  const due = isMultiple(0);
  const dh = gradient(0);
  save(0, v128.and(mul(dh, actSlope(saved(0))), due));
  setGradient(0, v128.andnot(dh, due));
}
