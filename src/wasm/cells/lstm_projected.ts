// shaders/cells/lstm_projected.wgsl
import {
  act, actSaved, actSlope, actValue, after, back, before, gate, gateSaved, gateSlope, gateValue, gradient, h, save, saved, setAfter,
  setGradient, x,
} from '../lib/cell';
import { add, madd, mul, splat } from '../lib/lanes';

// @ts-ignore: decorator
@inline
export function forward(phase: i32): void {
  if (phase == 1) {
    setAfter(0, h(0));
    return;
  }
  const xi = add(x(0), h(0));
  const xf = add(x(1), h(1));
  const xg = add(x(2), h(2));
  const xo = add(x(3), h(3));
  const i = gate(xi);
  const f = gate(xf);
  const g = act(xg);
  const o = gate(xo);
  const c = madd(f, before(1), mul(i, g));
  setAfter(1, c);
  save(0, gateSaved(xi, i));
  save(1, gateSaved(xf, f));
  save(2, actSaved(xg, g));
  save(3, gateSaved(xo, o));
  save(4, mul(o, act(c)));
}

// @ts-ignore: decorator
@inline
export function backward(phase: i32): void {
  if (phase == 1) {
    save(5, gradient(0));
    setGradient(0, splat(0));
    return;
  }
  const i = saved(0);
  const f = saved(1);
  const g = saved(2);
  const o = saved(3);
  const c = after(1);
  const squashed = act(c);
  const dm = back();
  const dc = madd(mul(dm, gateValue(o)), actSlope(actSaved(c, squashed)), gradient(1));
  save(0, mul(mul(dc, actValue(g)), gateSlope(i)));
  save(1, mul(mul(dc, before(1)), gateSlope(f)));
  save(2, mul(mul(dc, gateValue(i)), actSlope(g)));
  save(3, mul(mul(dm, squashed), gateSlope(o)));
  setGradient(1, mul(dc, gateValue(f)));
}
