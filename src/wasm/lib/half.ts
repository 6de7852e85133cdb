// Numbers of float16, which weights may be in inference.
import { mul, splat } from './lanes';

// Sign, exponent and mantissa are moved to where float32 has them. Its exponent is biased by 112 more; a product takes that back, and makes
// numbers below 2^-14, which have no exponent of their own, right as well.
// @ts-ignore: decorator
@inline
const BIAS: f32 = 5.192296858534828e33;
// @ts-ignore: decorator
@inline
const BITS: i32 = 0x8fffe000;

/** Four numbers. */
// @ts-ignore: decorator
@inline
export function loadHalf(at: usize): v128 {
  return mul(v128.and(i32x4.shl(v128.load16x4_s(at), 13), i32x4.splat(BITS)), splat(BIAS));
}

/** One number. */
// @ts-ignore: decorator
@inline
export function oneHalf(at: usize): f32 {
  return reinterpret<f32>((i32.load16_s(at) << 13) & BITS) * BIAS;
}

/** A row of n numbers, as float32. */
export function widenRow(to: usize, from: usize, n: usize): void {
  let i: usize = 0;
  for (; i + 4 <= n; i += 4) v128.store(to + 4 * i, loadHalf(from + 2 * i));
  for (; i < n; i++) f32.store(to + 4 * i, oneHalf(from + 2 * i));
}
