import { load } from '../lib/lanes';

/** shaders/cast.wgsl */
export function cast(x: usize, y: usize, size: usize, TO_INT: i32): void {
  const bytes: usize = 4 * size;
  for (let at: usize = 0; at < bytes; at += 16) {
    const four = load(x + at);
    v128.store(y + at, TO_INT == 1 ? i32x4.trunc_sat_f32x4_s(four) : f32x4.convert_i32x4_s(four));
  }
}
