// Functions made of those in math.ts, of four float32 numbers. NaN passes through.
import { add, div, madd, mul, select, splat, sub } from './lanes';
import { exp, log, sigmoid as ofSigmoid, tanh as ofTanh } from './math';

/** Those that several files call are compiled once. */
export function sigmoid(x: v128): v128 {
  return ofSigmoid(x);
}
export function tanh(x: v128): v128 {
  return ofTanh(x);
}

/** -1, 0 or 1. */
export function signOf(x: v128): v128 {
  const other = v128.or(f32x4.lt(x, splat(0)), f32x4.gt(x, splat(0)));
  return select(other, withSign(splat(1), x), x);
}
/** |y| with the sign of x, of y >= 0. */
// @ts-ignore: decorator
@inline
export function withSign(y: v128, x: v128): v128 {
  return v128.or(y, v128.and(x, i32x4.splat(0x80000000)));
}

/** log(1 + x); the error of rounding 1 + x is taken back by its ratio to x. */
export function log1p(x: v128): v128 {
  const above = add(splat(1), x);
  const step = sub(above, splat(1));
  const corrected = mul(log(above), div(x, step));
  const same = v128.or(f32x4.eq(step, splat(0)), f32x4.eq(x, splat(Infinity)));
  return select(same, x, corrected);
}

/** log(1 + e^x) */
export function softplus(x: v128): v128 {
  return add(f32x4.max(x, splat(0)), log1p(exp(f32x4.neg(f32x4.abs(x)))));
}

/**
 * 1 - erf(x) of x >= 0, relatively exact to 1e-6 where it is no less than 1e-30: e^(-x²) t P(t) with t = 1 / (1 + 0.3 x), P fitted to
 * 2e-8.
 */
function erfc(x: v128): v128 {
  const t = div(splat(1), madd(splat(0.3), x, splat(1)));
  let p = madd(splat(-0.129435398), t, splat(0.485103068));
  p = madd(p, t, splat(-0.511240618));
  p = madd(p, t, splat(0.546411926));
  p = madd(p, t, splat(-0.0936434468));
  p = madd(p, t, splat(0.214441742));
  p = madd(p, t, splat(0.148480951));
  p = madd(p, t, splat(0.170692156));
  p = madd(p, t, splat(0.169189601));
  return mul(mul(t, p), exp(f32x4.neg(mul(x, x))));
}

/** The error function; near 0 its series. */
export function erf(x: v128): v128 {
  const s = mul(x, x);
  let p = madd(splat(-1.0 / 1320), s, splat(1.0 / 216));
  p = madd(p, s, splat(-1.0 / 42));
  p = madd(p, s, splat(0.1));
  p = madd(p, s, splat(-1.0 / 3));
  const near = mul(mul(splat(1.12837917), x), madd(p, s, splat(1)));
  const size = f32x4.abs(x);
  return select(f32x4.lt(size, splat(0.5)), near, withSign(sub(splat(1), erfc(size)), x));
}

/** The standard normal distribution, and its density. */
export function normalCdf(x: v128): v128 {
  const tail = mul(splat(0.5), erfc(mul(f32x4.abs(x), splat(0.707106781))));
  return select(f32x4.gt(x, splat(0)), sub(splat(1), tail), tail);
}
export function normalDensity(x: v128): v128 {
  return mul(splat(0.398942280), exp(mul(splat(-0.5), mul(x, x))));
}

/**
 * sin(x + quarter · π / 2): what is left of x after whole quarters of a turn is computed in float64, which is exact enough where |x| is
 * below 10^9; beyond, neighbouring float32 numbers are many turns apart.
 */
export function sine(x: v128, quarter: i32): v128 {
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(i32x4.shuffle(x, x, 2, 3, 0, 1));
  const turnsLow = f64x2.nearest(f64x2.mul(low, f64x2.splat(2 / Math.PI)));
  const turnsHigh = f64x2.nearest(f64x2.mul(high, f64x2.splat(2 / Math.PI)));
  const r = f32x4.pmax(f32x4.pmin(i32x4.shuffle(rest(low, turnsLow), rest(high, turnsHigh), 0, 1, 4, 5), splat(1)), splat(-1));
  const s = mul(r, r);
  let p = madd(splat(1.0 / 362880), s, splat(-1.0 / 5040));
  p = madd(p, s, splat(1.0 / 120));
  p = madd(p, s, splat(-1.0 / 6));
  const sine = madd(mul(p, s), r, r);
  let q = madd(splat(1.0 / 40320), s, splat(-1.0 / 720));
  q = madd(q, s, splat(1.0 / 24));
  q = madd(q, s, splat(-0.5));
  const cosine = madd(q, s, splat(1));
  const whole = i32x4.shuffle(i32x4.trunc_sat_f64x2_s_zero(turnsLow), i32x4.trunc_sat_f64x2_s_zero(turnsHigh), 0, 1, 4, 5);
  const turn = i32x4.add(whole, i32x4.splat(quarter));
  const odd = i32x4.ne(v128.and(turn, i32x4.splat(1)), i32x4.splat(0));
  const opposite = i32x4.shl(v128.and(turn, i32x4.splat(2)), 30);
  return v128.xor(select(odd, cosine, sine), opposite);
}
/** x - turns π / 2, as float32. */
function rest(x: v128, turns: v128): v128 {
  return f32x4.demote_f64x2_zero(f64x2.sub(x, f64x2.mul(turns, f64x2.splat(Math.PI / 2))));
}

/** x, no further from 0 than 1000. */
export function within(x: v128): v128 {
  return f32x4.pmax(f32x4.pmin(x, splat(1000)), splat(-1000));
}
