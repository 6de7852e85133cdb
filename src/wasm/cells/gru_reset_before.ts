// shaders/cells/gru_reset_before.wgsl
import {
  act, actSaved, actSlope, actValue, back, before, gate, gateSaved, gateSlope, gateValue, gradient, h, operand, save, saved, setAfter,
  setGradient, setThrough, x,
} from '../lib/cell';
import { add, madd, mul, splat, sub } from '../lib/lanes';

// @ts-ignore: decorator
@inline
export function forward(phase: i32): void {
  if (phase == 0) {
    const xz = add(x(0), h(0));
    const xr = add(x(1), h(1));
    const r = gate(xr);
    save(0, gateSaved(xz, gate(xz)));
    save(1, gateSaved(xr, r));
    save(3, mul(r, operand()));
    return;
  }
  const z = gateValue(saved(0));
  const xn = add(x(2), h(0));
  const n = act(xn);
  save(2, actSaved(xn, n));
  setAfter(0, madd(z, before(0), mul(sub(splat(1), z), n)));
}

// @ts-ignore: decorator
@inline
export function backward(phase: i32): void {
  if (phase == 1) {
    const savedZ = saved(0);
    const savedN = saved(2);
    const z = gateValue(savedZ);
    const dh = gradient(0);
    save(2, mul(mul(dh, sub(splat(1), z)), actSlope(savedN)));
    save(0, mul(mul(dh, sub(before(0), actValue(savedN))), gateSlope(savedZ)));
    setGradient(0, mul(dh, z));
    return;
  }
  const savedR = saved(1);
  save(1, mul(mul(back(), operand()), gateSlope(savedR)));
  setThrough(mul(back(), gateValue(savedR)));
}
