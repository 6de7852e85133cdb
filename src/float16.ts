/** Numbers as IEEE 754 binary16 has them: both sides of the seam round alike. */

const LARGEST = 65504;
/** What it is added to is rounded to whole numbers, ties to even: beyond 2^52 a float64 has no others. */
const WHOLE = 1.5 * 2 ** 52;

/** The nearest float16, ties to even. @throws where there is none */
export function toFloat16(x: number): number {
  const size = Math.abs(x);
  if (!(size <= LARGEST)) throw new Error(`float16 reaches ${LARGEST}, not ${x}`);
  // From one float16 to the next; those below 2^-14 are as far apart as those above it.
  const step = 2 ** (Math.max(Math.floor(Math.log2(size)), -14) - 10);
  return (x / step + WHOLE - WHOLE) * step;
}
