// shaders/cells/gru.wgsl
import {
  act, actSaved, actSlope, actValue, before, gate, gateSaved, gateSlope, gateValue, gradient, h, save, saved, setAfter, setGradient, x,
} from '../lib/cell';
import { add, madd, mul, splat, sub } from '../lib/lanes';

// @ts-ignore: decorator
@inline
export function forward(phase: i32): void {
  const xz = add(x(0), h(0));
  const xr = add(x(1), h(1));
  const z = gate(xz);
  const r = gate(xr);
  const xn = madd(r, h(2), x(2));
  const n = act(xn);
  save(0, gateSaved(xz, z));
  save(1, gateSaved(xr, r));
  save(2, actSaved(xn, n));
  save(3, h(2));
  setAfter(0, madd(z, before(0), mul(sub(splat(1), z), n)));
}

// @ts-ignore: decorator
@inline
export function backward(phase: i32): void {
  const savedZ = saved(0);
  const savedR = saved(1);
  const savedN = saved(2);
  const hn = saved(3);
  const z = gateValue(savedZ);
  const dh = gradient(0);
  const dn = mul(mul(dh, sub(splat(1), z)), actSlope(savedN));
  save(0, mul(mul(dh, sub(before(0), actValue(savedN))), gateSlope(savedZ)));
  save(1, mul(mul(dn, hn), gateSlope(savedR)));
  save(2, dn);
  save(3, mul(gateValue(savedR), dn));
  setGradient(0, mul(dh, z));
}
