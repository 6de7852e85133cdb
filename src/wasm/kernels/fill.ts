import { splat } from '../lib/lanes';

/** shaders/fill.wgsl */
export function fill(out: usize, size: usize, value: f32): void {
  const end = out + 4 * size;
  const four = splat(value);
  for (; out + 16 <= end; out += 16) v128.store(out, four);
  for (; out < end; out += 4) store<f32>(out, value);
}
