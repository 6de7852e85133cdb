// Elementary functions of four float32 numbers. None has a branch; NaN passes through; where a result leaves float32 it is 0 or infinity.
// The error bounds hold for both builds, and are in ulp: in distances between neighbouring float32 numbers at the result.
import { add, div, madd, mul, splat, sub } from './lanes';

/** Four times a number in memory. Of one in the code, V8 may make a vector by three instructions wherever it is used. */
// @ts-ignore: decorator
@inline
function number(address: usize): v128 {
  return v128.load32_splat(address);
}
const ONE = memory.data<f32>([1]);
const TWO = memory.data<f32>([2]);

// e^x = 2^n · e^r with n the whole number nearest to x / ln 2 and |r| <= ln 2 / 2.
/** 1.5 · 2^23: a small number added to it is rounded to a whole one, which then stands in its lowest bits. */
const ROUNDER = memory.data<f32>([12582912]);
const ROUNDER_BITS: i32 = 0x4b400000;
const ONE_BITS = memory.data<i32>([0x3f800000]);
const SIGN_BIT = memory.data<i32>([0x80000000]);
const LOG2_E = memory.data<f32>([1.44269504]);
/** ln 2 in two parts, of which a small whole number times the first is exact. */
const LN2_HIGH = memory.data<f32>([0.693359375]);
const LN2_LOW = memory.data<f32>([-0.000212194440]);
const C6 = memory.data<f32>([0.00138143206]);
const C5 = memory.data<f32>([0.00836885069]);
const C4 = memory.data<f32>([0.0416684002]);
const C3 = memory.data<f32>([0.166665196]);
const C2 = memory.data<f32>([0.49999994]);
/** What the logistic function and tanh take at most. */
const MOST = memory.data<f32>([89]);
const LEAST = memory.data<f32>([-87]);
const MOST_DOUBLE = memory.data<f32>([20]);

/** ROUNDER + n */
// @ts-ignore: decorator
@inline
function roundedExponent(x: v128): v128 {
  return madd(x, number(LOG2_E), number(ROUNDER));
}

/** 2^n for -127 < n < 128, and infinity for n = 128. */
// @ts-ignore: decorator
@inline
function powerOfTwo(rounded: v128): v128 {
  return i32x4.add(i32x4.shl(rounded, 23), number(ONE_BITS));
}

/** e^r - 1, where r = x - n ln 2; relative to e^r the polynomial is exact to 3.1e-9. */
// @ts-ignore: decorator
@inline
function tail(x: v128, rounded: v128): v128 {
  const opposite = sub(number(ROUNDER), rounded); // -n
  const r = madd(opposite, number(LN2_LOW), madd(opposite, number(LN2_HIGH), x));
  let q = madd(number(C6), r, number(C5));
  q = madd(q, r, number(C4));
  q = madd(q, r, number(C3));
  q = madd(q, r, number(C2));
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
  const one = number(ONE_BITS);
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
  const opposite = f32x4.pmax(f32x4.pmin(f32x4.neg(x), number(MOST)), number(LEAST));
  const rounded = roundedExponent(opposite);
  const power = mul(powerOfTwo(rounded), add(number(ONE), tail(opposite, rounded)));
  return div(number(ONE), add(number(ONE), power));
}

/** tanh(x) = m / (m + 2) with m = e^2x - 1; within 3 ulp, near 0 too. */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const sign = v128.and(x, number(SIGN_BIT));
  const double = f32x4.pmin(mul(f32x4.abs(x), number(TWO)), number(MOST_DOUBLE));
  const rounded = roundedExponent(double);
  const power = powerOfTwo(rounded);
  const m = madd(power, tail(double, rounded), sub(power, number(ONE)));
  return v128.or(sign, div(m, add(m, number(TWO))));
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
  const small = madd(n, number(LN2_LOW), mul(s, add(half, series)));
  const y = madd(n, number(LN2_HIGH), sub(f, sub(half, small)));
  // Of 0, of what is below, of infinity, and of NaN.
  const positive = f32x4.gt(x, splat(0));
  const finite = f32x4.lt(x, splat(Infinity));
  const zero = f32x4.eq(x, splat(0));
  const special = v128.bitselect(splat(-Infinity), v128.bitselect(x, splat(NaN), positive), zero);
  return v128.bitselect(y, special, v128.and(positive, finite));
}
