// Elementary functions of four float32 numbers. None has a branch; NaN passes through; where a result leaves float32 it is 0 or infinity.
// The error bounds hold for both builds, and are in ulp: in distances between neighbouring float32 numbers at the result.
import { add, div, madd, mul, splat, sub } from './lanes';

// e^x = 2^n · e^r with n the whole number nearest to x / ln 2 and |r| <= ln 2 / 2.
/** 1.5 · 2^23: a small number added to it is rounded to a whole one, which then stands in its lowest bits. */
const ROUNDER: f32 = 12582912;
const ROUNDER_BITS: i32 = 0x4b400000;
const ONE_BITS: i32 = 0x3f800000;
const LOG2_E: f32 = 1.44269504;
/** ln 2 in two parts, of which a small whole number times the first is exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -0.000212194440;

/** ROUNDER + n */
// @ts-ignore: decorator
@inline
function roundedExponent(x: v128): v128 {
  return madd(x, splat(LOG2_E), splat(ROUNDER));
}

/** 2^n for -127 < n < 128, and infinity for n = 128. */
// @ts-ignore: decorator
@inline
function powerOfTwo(rounded: v128): v128 {
  return i32x4.add(i32x4.shl(rounded, 23), i32x4.splat(ONE_BITS));
}

/** e^r - 1, where r = x - n ln 2; relative to e^r the polynomial is exact to 3.1e-9. */
// @ts-ignore: decorator
@inline
function tail(x: v128, rounded: v128): v128 {
  const n = sub(rounded, splat(ROUNDER));
  const r = madd(n, splat(-LN2_LOW), madd(n, splat(-LN2_HIGH), x));
  let q = madd(splat(0.00138143206), r, splat(0.00836885069));
  q = madd(q, r, splat(0.0416684002));
  q = madd(q, r, splat(0.166665196));
  q = madd(q, r, splat(0.49999994));
  return madd(mul(r, r), q, r);
}

/** e^x, within 2 ulp; 0 below -104 and infinity above 88.73. */
export function exp(x: v128): v128 {
  const within = f32x4.pmax(f32x4.pmin(x, splat(89)), splat(-104));
  const rounded = roundedExponent(within);
  const y = add(splat(1), tail(within, rounded));
  // 2^n may leave float32 where e^x does not: so it is multiplied in two halves.
  const n = i32x4.sub(rounded, i32x4.splat(ROUNDER_BITS));
  const half = i32x4.shr_s(n, 1);
  const first = i32x4.shl(half, 23);
  const second = i32x4.shl(i32x4.sub(n, half), 23);
  const one = i32x4.splat(ONE_BITS);
  return mul(mul(y, i32x4.add(first, one)), i32x4.add(second, one));
}

/** e^x - 1 of x <= 88, within 3 ulp, near 0 too. */
export function expm1(x: v128): v128 {
  const within = f32x4.pmax(f32x4.pmin(x, splat(88)), splat(-87));
  const rounded = roundedExponent(within);
  const power = powerOfTwo(rounded);
  return madd(power, tail(within, rounded), sub(power, splat(1)));
}

/** 1 / (1 + e^-x), within 3 ulp; below -87.3, where that is less than 2^-126, it may be 0. */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const opposite = f32x4.pmax(f32x4.pmin(f32x4.neg(x), splat(89)), splat(-87));
  const rounded = roundedExponent(opposite);
  const power = mul(powerOfTwo(rounded), add(splat(1), tail(opposite, rounded)));
  return div(splat(1), add(splat(1), power));
}

/** tanh(x) = m / (m + 2) with m = e^2x - 1; within 3 ulp, near 0 too. */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(0x80000000));
  const double = f32x4.pmin(mul(f32x4.abs(x), splat(2)), splat(20));
  const rounded = roundedExponent(double);
  const power = powerOfTwo(rounded);
  const m = madd(power, tail(double, rounded), sub(power, splat(1)));
  return v128.or(sign, div(m, add(m, splat(2))));
}

/** The natural logarithm, within 2 ulp; -infinity of 0, and NaN below. */
export function log(x: v128): v128 {
  // Numbers below 2^-126 have no exponent of their own.
  const tiny = f32x4.lt(x, splat(1.17549435e-38));
  const normal = v128.bitselect(mul(x, splat(8388608)), x, tiny);
  // x = 2^n (1 + f), with 1 + f from the root of 1/2 to that of 2.
  const ROOT_OF_HALF = i32x4.splat(0x3f3504f3);
  const bits = i32x4.sub(normal, ROOT_OF_HALF);
  const exponent = i32x4.sub(i32x4.shr_s(bits, 23), v128.and(tiny, i32x4.splat(23)));
  const n = f32x4.convert_i32x4_s(exponent);
  const f = sub(i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), ROOT_OF_HALF), splat(1));
  // log(1 + f) = 2 artanh s with s = f / (2 + f), of which the series is taken to s^9; written as f - (f²/2 - s (f²/2 + …)), since f is exact.
  const s = div(f, add(splat(2), f));
  const z = mul(s, s);
  let series = madd(z, splat(2.0 / 9.0), splat(2.0 / 7.0));
  series = madd(z, series, splat(2.0 / 5.0));
  series = mul(z, madd(z, series, splat(2.0 / 3.0)));
  const half = mul(splat(0.5), mul(f, f));
  const small = madd(n, splat(LN2_LOW), mul(s, add(half, series)));
  const y = madd(n, splat(LN2_HIGH), sub(f, sub(half, small)));
  // Of 0, of what is below, of infinity, and of NaN.
  const positive = f32x4.gt(x, splat(0));
  const finite = f32x4.lt(x, splat(Infinity));
  const zero = f32x4.eq(x, splat(0));
  const special = v128.bitselect(splat(-Infinity), v128.bitselect(x, splat(NaN), positive), zero);
  return v128.bitselect(y, special, v128.and(positive, finite));
}
