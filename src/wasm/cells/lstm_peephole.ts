// shaders/cells/lstm_peephole.wgsl
import {
  act, actSaved, actSlope, actValue, after, before, gate, gateSaved, gateSlope, gateValue, gradient, h, save, saved, setAfter,
  setGradient, weight, x,
} from '../lib/cell';
import { add, madd, mul, splat } from '../lib/lanes';

// @ts-ignore: decorator
@inline
export function forward(phase: i32): void {
  const xi = madd(weight(0), before(1), add(x(0), h(0)));
  const xf = madd(weight(1), before(1), add(x(1), h(1)));
  const xg = add(x(2), h(2));
  const i = gate(xi);
  const f = gate(xf);
  const g = act(xg);
  const c = madd(f, before(1), mul(i, g));
  const xo = madd(weight(2), c, add(x(3), h(3)));
  const o = gate(xo);
  save(0, gateSaved(xi, i));
  save(1, gateSaved(xf, f));
  save(2, actSaved(xg, g));
  save(3, gateSaved(xo, o));
  setAfter(0, mul(o, act(c)));
  setAfter(1, c);
}

// @ts-ignore: decorator
@inline
export function backward(phase: i32): void {
  const i = saved(0);
  const f = saved(1);
  const g = saved(2);
  const o = saved(3);
  const c = after(1);
  const squashed = act(c);
  const dh = gradient(0);
  const dOut = mul(mul(dh, squashed), gateSlope(o));
  const throughState = madd(mul(dh, gateValue(o)), actSlope(actSaved(c, squashed)), gradient(1));
  const dc = madd(dOut, weight(2), throughState);
  const di = mul(mul(dc, actValue(g)), gateSlope(i));
  const df = mul(mul(dc, before(1)), gateSlope(f));
  save(0, di);
  save(1, df);
  save(2, mul(mul(dc, gateValue(i)), actSlope(g)));
  save(3, dOut);
  setGradient(0, splat(0));
  setGradient(1, madd(dc, gateValue(f), madd(di, weight(0), mul(df, weight(1)))));
}
