// shaders/cells/slstm.wgsl
import {
  act, actSaved, actSlope, actValue, after, before, gate, gateSaved, gateSlope, gradient, h, save, saved, setAfter, setGradient, x,
} from '../lib/cell';
import { sigmoid } from '../lib/functions';
import { add, div, madd, mul, select, splat, sub } from '../lib/lanes';
import { exp } from '../lib/math';

// @ts-ignore: decorator
@inline
const MOST: f32 = 80;

// @ts-ignore: decorator
@inline
export function forward(phase: i32): void {
  const logI = add(x(0), h(0));
  const xf = add(x(1), h(1));
  const xz = add(x(2), h(2));
  const o = sigmoid(add(x(3), h(3)));
  const logF = gate(xf);
  const z = act(xz);
  const n = before(2);
  const old = add(logF, before(3));
  const m = select(f32x4.eq(n, splat(0)), logI, f32x4.max(old, logI));
  const i = exp(sub(logI, m));
  const f = exp(f32x4.min(sub(old, m), splat(MOST)));
  const nextC = madd(f, before(1), mul(i, z));
  const nextN = madd(f, n, i);
  setAfter(0, mul(o, div(nextC, nextN)));
  setAfter(1, nextC);
  setAfter(2, nextN);
  setAfter(3, m);
  save(0, i);
  save(1, f);
  save(2, actSaved(xz, z));
  save(3, o);
  save(4, gateSaved(xf, logF));
}

// @ts-ignore: decorator
@inline
export function backward(phase: i32): void {
  const i = saved(0);
  const f = saved(1);
  const z = saved(2);
  const o = saved(3);
  const ratio = div(after(1), after(2));
  const dh = gradient(0);
  const part = div(mul(dh, o), after(2));
  const dc = add(gradient(1), part);
  const dn = sub(gradient(2), mul(part, ratio));
  const dm = gradient(3);
  const ofF = mul(f, madd(dc, before(1), mul(dn, before(2))));
  const ofI = mul(i, madd(dc, actValue(z), dn));
  const keeps = f32x4.lt(i, splat(1));
  const dOld = select(keeps, sub(dm, ofI), ofF);
  save(0, select(keeps, ofI, sub(dm, ofF)));
  save(1, mul(dOld, gateSlope(saved(4))));
  save(2, mul(mul(dc, i), actSlope(z)));
  save(3, mul(mul(dh, ratio), mul(o, sub(splat(1), o))));
  setGradient(0, splat(0));
  setGradient(1, mul(dc, f));
  setGradient(2, mul(dn, f));
  setGradient(3, dOld);
}
