/** Rounding to IEEE 754 binary16, shared by the devices so that all round alike. */

const LARGEST = 65504;
/** Adding and subtracting this rounds a float64 to a whole number, ties to even: above 2^52 it has no fraction. */
const WHOLE = 1.5 * 2 ** 52;

/** The nearest float16, ties to even. @throws Error if `x` is not finite or beyond the largest float16 */
export function toFloat16(x: number): number {
  const size = Math.abs(x);
  if (!(size <= LARGEST))
    throw new Error(`float16: expected a number of at most ${LARGEST} in magnitude, got ${x}`);
  // The distance between neighbouring float16 numbers; below 2^-14, where they are subnormal, it stays the same.
  const step = 2 ** (Math.max(Math.floor(Math.log2(size)), -14) - 10);
  return (x / step + WHOLE - WHOLE) * step;
}
