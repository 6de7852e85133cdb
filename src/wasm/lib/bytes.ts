// Numbers of int8, each times the scale of its column: weights in inference.
import { mul } from './lanes';

/** A row of n numbers, as float32. */
export function widenBytes(to: usize, from: usize, scales: usize, n: usize): void {
  let i: usize = 0;
  for (; i + 8 <= n; i += 8) {
    const eight = v128.load8x8_s(from + i);
    const low = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(eight));
    const high = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(eight));
    v128.store(to + 4 * i, mul(low, v128.load(scales + 4 * i)));
    v128.store(to + 4 * i, mul(high, v128.load(scales + 4 * i, 16)), 16);
  }
  for (; i < n; i++) f32.store(to + 4 * i, <f32>i32.load8_s(from + i) * f32.load(scales + 4 * i));
}
