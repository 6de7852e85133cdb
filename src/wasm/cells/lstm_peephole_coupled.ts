// shaders/cells/lstm_peephole_coupled.wgsl
import {
  act, actSaved, actSlope, actValue, after, before, gate, gateSaved, gateSlope, gateValue, gradient, h, save, saved, setAfter,
  setGradient, weight, x,
} from '../lib/cell';
import { add, madd, mul, splat, sub } from '../lib/lanes';

// @ts-ignore: decorator
@inline
export function forward(phase: i32): void {
  const xi = madd(weight(0), before(1), add(x(0), h(0)));
  const xg = add(x(1), h(1));
  const i = gate(xi);
  const g = act(xg);
  const c = madd(sub(splat(1), i), before(1), mul(i, g));
  const xo = madd(weight(1), c, add(x(2), h(2)));
  const o = gate(xo);
  save(0, gateSaved(xi, i));
  save(1, actSaved(xg, g));
  save(2, gateSaved(xo, o));
  setAfter(0, mul(o, act(c)));
  setAfter(1, c);
}

// @ts-ignore: decorator
@inline
export function backward(phase: i32): void {
  const savedI = saved(0);
  const savedG = saved(1);
  const o = saved(2);
  const i = gateValue(savedI);
  const c = after(1);
  const squashed = act(c);
  const dh = gradient(0);
  const dOut = mul(mul(dh, squashed), gateSlope(o));
  const throughState = madd(mul(dh, gateValue(o)), actSlope(actSaved(c, squashed)), gradient(1));
  const dc = madd(dOut, weight(1), throughState);
  const di = mul(mul(dc, sub(actValue(savedG), before(1))), gateSlope(savedI));
  save(0, di);
  save(1, mul(mul(dc, i), actSlope(savedG)));
  save(2, dOut);
  setGradient(0, splat(0));
  setGradient(1, madd(dc, sub(splat(1), i), mul(di, weight(0))));
}
