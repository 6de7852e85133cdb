// shaders/cells/lstm_layernorm.wgsl
import {
  act, actSaved, actSlope, actValue, before, gate, gateSaved, gateSlope, gateValue, gradient, h, save, saved, setAfter, setGradient, weight,
  x,
} from '../lib/cell';
import { add, div, madd, mul, splat, sub } from '../lib/lanes';

// @ts-ignore: decorator
@inline
const EPSILON: f32 = 1e-5;

// Where moments stand before the gradients of weights take their places, and the inverse roots behind them.
// @ts-ignore: decorator
@inline
const PRODUCTS_MEAN: usize = 8;
// @ts-ignore: decorator
@inline
const PRODUCTS_SPREAD: usize = 9;
// @ts-ignore: decorator
@inline
const STATE_MEAN: usize = 11;
// @ts-ignore: decorator
@inline
const STATE_SPREAD: usize = 12;

// @ts-ignore: decorator
@inline
function inverseRoot(variance: v128): v128 {
  return div(splat(1), f32x4.sqrt(add(variance, splat(EPSILON))));
}
// @ts-ignore: decorator
@inline
export function forward(phase: i32): void {
  if (phase == 0) {
    for (let k: usize = 0; k < 4; k++) save(4 + k, h(k));
    return;
  }
  if (phase == 1) {
    const mean = saved(PRODUCTS_MEAN);
    const root = inverseRoot(saved(PRODUCTS_SPREAD));
    for (let k: usize = 0; k < 4; k++) {
      const n = mul(sub(saved(4 + k), mean), root);
      save(4 + k, n);
      save(k, madd(weight(k), n, x(k)));
    }
    const xi = saved(0);
    const xf = saved(1);
    const xg = saved(2);
    const xo = saved(3);
    const i = gate(xi);
    const f = gate(xf);
    const g = act(xg);
    save(0, gateSaved(xi, i));
    save(1, gateSaved(xf, f));
    save(2, actSaved(xg, g));
    save(3, gateSaved(xo, gate(xo)));
    save(PRODUCTS_SPREAD, root);
    save(10, madd(f, before(1), mul(i, g)));
    return;
  }
  const c = saved(10);
  const root = inverseRoot(saved(STATE_SPREAD));
  const n = mul(sub(c, saved(STATE_MEAN)), root);
  save(10, n);
  save(STATE_SPREAD, root);
  setAfter(0, mul(gateValue(saved(3)), act(madd(weight(4), n, weight(5)))));
  setAfter(1, c);
}

// @ts-ignore: decorator
@inline
export function backward(phase: i32): void {
  if (phase == 2) {
    const o = saved(3);
    const n = saved(10);
    const z = madd(weight(4), n, weight(5));
    const squashed = act(z);
    const dh = gradient(0);
    const dz = mul(mul(dh, gateValue(o)), actSlope(actSaved(z, squashed)));
    const dn = mul(mul(dz, weight(4)), saved(STATE_SPREAD));
    save(3, mul(mul(dh, squashed), gateSlope(o)));
    save(13, dz);
    save(STATE_MEAN, dn);
    save(STATE_SPREAD, mul(dn, n));
    setGradient(0, splat(0));
    setGradient(1, add(gradient(1), dn));
    return;
  }
  if (phase == 1) {
    const i = saved(0);
    const f = saved(1);
    const g = saved(2);
    const n = saved(10);
    const dc = sub(sub(gradient(1), saved(STATE_MEAN)), mul(n, saved(STATE_SPREAD)));
    save(0, mul(mul(dc, actValue(g)), gateSlope(i)));
    save(1, mul(mul(dc, before(1)), gateSlope(f)));
    save(2, mul(mul(dc, gateValue(i)), actSlope(g)));
    setGradient(1, mul(dc, gateValue(f)));
    save(10, mul(saved(13), n));
    // The root of the products steps aside for what their moments are asked for.
    save(STATE_MEAN, saved(PRODUCTS_SPREAD));
    let mean = splat(0), spread = splat(0);
    for (let k: usize = 0; k < 4; k++) {
      const dn = mul(mul(splat(0.25), saved(k)), weight(k));
      mean = add(mean, dn);
      spread = madd(dn, saved(4 + k), spread);
    }
    save(PRODUCTS_MEAN, mean);
    save(PRODUCTS_SPREAD, spread);
    return;
  }
  const mean = saved(PRODUCTS_MEAN);
  const spread = saved(PRODUCTS_SPREAD);
  const root = saved(STATE_MEAN);
  for (let k: usize = 0; k < 4; k++) {
    const n = saved(4 + k);
    const d = saved(k);
    save(4 + k, mul(sub(sub(mul(d, weight(k)), mean), mul(n, spread)), root));
    // The gradients of their weights, into the slots where moments stood.
    save(k < 2 ? PRODUCTS_MEAN + k : STATE_MEAN - 2 + k, mul(d, n));
  }
}
