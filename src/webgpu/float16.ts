/** float16 as buffers hold it. */
import { toFloat16 } from '../float16.ts';

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
