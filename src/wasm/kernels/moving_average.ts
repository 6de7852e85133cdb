import { load, madd, splat, sub } from '../lib/lanes';

/** shaders/moving_average.wgsl */
export function movingAverage(value: usize, guard: usize, moving: usize, size: usize, rate: f32, guarded: i32): void {
  if (guarded != 0 && i32.load(guard) != 0) return;
  const bytes: usize = 4 * size;
  for (let at: usize = 0; at < bytes; at += 16) {
    const before = load(moving + at);
    v128.store(moving + at, madd(splat(-rate), sub(before, load(value + at)), before));
  }
}
