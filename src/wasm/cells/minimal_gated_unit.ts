// shaders/cells/minimal_gated_unit.wgsl
import {
  act, actSaved, actSlope, actValue, back, before, gate, gateSaved, gateSlope, gateValue, gradient, h, operand, save, saved, setAfter,
  setGradient, setThrough, x,
} from '../lib/cell';
import { add, madd, mul, splat, sub } from '../lib/lanes';

// @ts-ignore: decorator
@inline
export function forward(phase: i32): void {
  if (phase == 0) {
    const xf = add(x(0), h(0));
    const f = gate(xf);
    save(0, gateSaved(xf, f));
    save(2, mul(f, operand()));
    return;
  }
  const f = gateValue(saved(0));
  const xn = add(x(1), h(0));
  const n = act(xn);
  save(1, actSaved(xn, n));
  setAfter(0, madd(f, n, mul(sub(splat(1), f), before(0))));
}

// @ts-ignore: decorator
@inline
export function backward(phase: i32): void {
  const savedF = saved(0);
  const f = gateValue(savedF);
  if (phase == 1) {
    const savedN = saved(1);
    const dh = gradient(0);
    save(1, mul(mul(dh, f), actSlope(savedN)));
    save(2, mul(dh, sub(actValue(savedN), before(0))));
    setGradient(0, mul(dh, sub(splat(1), f)));
    return;
  }
  save(0, mul(madd(back(), operand(), saved(2)), gateSlope(savedF)));
  save(2, mul(f, operand()));
  setThrough(mul(back(), f));
}
