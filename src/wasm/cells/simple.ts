// shaders/cells/simple.wgsl
import { act, actSaved, actSlope, gradient, h, save, saved, setAfter, setGradient, x } from '../lib/cell';
import { add, mul, splat } from '../lib/lanes';

// @ts-ignore: decorator
@inline
export function forward(phase: i32): void {
  const n = add(x(0), h(0));
  const next = act(n);
  save(0, actSaved(n, next));
  setAfter(0, next);
}

// @ts-ignore: decorator
@inline
export function backward(phase: i32): void {
  save(0, mul(gradient(0), actSlope(saved(0))));
  setGradient(0, splat(0));
}
