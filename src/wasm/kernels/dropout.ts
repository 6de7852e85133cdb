import { mul, splat } from '../lib/lanes';
import { philox } from '../lib/philox';
import { loadUpTo, storeUpTo } from '../lib/rest';
import { scratch } from '../lib/scratch';

/** As in src/random.ts. */
// @ts-ignore: decorator
@inline
const DROPOUT: u32 = 2;
/** Elements of the mask that are made at a time, for all repeats. */
// @ts-ignore: decorator
@inline
const MADE: usize = 1024;

/** shaders/dropout.wgsl */
export function dropout(
  x: usize, out: usize, size: usize, repeats: usize, inner: usize, hasInput: i32,
  threshold: u32, scale: f32, seedLow: u32, seedHigh: u32, step: u32,
): void {
  const words = scratch(4 * MADE + 32);
  for (let from: usize = 0; from < size; from += repeats * inner)
    for (let first: usize = 0; first < inner; first += MADE) {
      const count = min(inner - first, MADE);
      const position = from / repeats + first;
      const begin = position & 3;
      for (let i: usize = 0; i < begin + count; i += 4)
        v128.store(words + 4 * i, philox(<u32>((position + i) >> 2), 0, step, DROPOUT, seedLow, seedHigh));
      for (let r: usize = 0; r < repeats; r++) {
        const at: usize = 4 * (from + r * inner + first);
        for (let i: usize = 0; i < count; i += 4) {
          const kept = i32x4.ge_u(v128.load(words + 4 * (begin + i)), i32x4.splat(threshold));
          const value = hasInput == 1 ? loadUpTo(x + at + 4 * i, count - i) : splat(1);
          // A dropped element is 0 even where x is infinite.
          storeUpTo(out + at + 4 * i, v128.and(mul(value, splat(scale)), kept), count - i);
        }
      }
    }
}
