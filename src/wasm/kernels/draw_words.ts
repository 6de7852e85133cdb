import { philox } from '../lib/philox';

/** Blocks of four words, from a number below 2^32 on: what initial values are drawn from. The device calls it. */
export function drawWords(to: usize, blocks: usize, block: u32, seedLow: u32, seedHigh: u32): void {
  // As in src/random.ts, whose streams of words have zeros at the end.
  for (const end = to + 16 * blocks; to < end; to += 16)
    v128.store(to, philox(block++, 0, 0, 0, seedLow, seedHigh));
}
