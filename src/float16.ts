/** IEEE 754 binary16: rounding to it and its bits, shared by the devices so that all round alike. */

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

const SMALLEST_NORMAL = 2 ** -14;

/** The bits of the nearest float16 of each number; a zero more where their number is odd, since WebGPU writes whole words. */
export function encodeFloat16(values: ArrayLike<number>): Uint16Array<ArrayBuffer> {
  const bits = new Uint16Array(values.length + (values.length % 2));
  const float = new Float32Array(1);
  const word = new Uint32Array(float.buffer);
  for (let i = 0; i < values.length; i++) {
    float[0] = toFloat16(values[i]);
    const size = Math.abs(float[0]);
    // A float32's exponent is biased by 112 more, and its mantissa is 13 bits longer.
    const magnitude =
      size < SMALLEST_NORMAL ? size * 2 ** 24 : ((word[0] & 0x7fffffff) >>> 13) - (112 << 10);
    bits[i] = ((word[0] >>> 16) & 0x8000) | magnitude;
  }
  return bits;
}

export function decodeFloat16(bits: Uint16Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(bits, (half) => {
    const mantissa = half & 1023;
    const exponent = (half >>> 10) & 31;
    const sign = half >>> 15 ? -1 : 1;
    if (exponent === 31) return mantissa ? NaN : sign * Infinity;
    return sign * (exponent ? (1024 + mantissa) * 2 ** (exponent - 25) : mantissa * 2 ** -24);
  });
}
