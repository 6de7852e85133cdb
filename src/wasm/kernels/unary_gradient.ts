import { load, mul, select } from '../lib/lanes';
import { gradient } from '../lib/maps.generated';

/** shaders/unary_gradient.wgsl */
export function unaryGradient(v: usize, dy: usize, dx: usize, size: usize, alpha: f32, beta: f32, map: i32): void {
  const bytes: usize = 4 * size;
  for (let at: usize = 0; at < bytes; at += 16) {
    const value = load(v + at);
    // At NaN it is NaN, whatever a comparison makes of it.
    const slope = select(f32x4.eq(value, value), gradient(map, value, alpha, beta), value);
    v128.store(dx + at, mul(load(dy + at), slope));
  }
}
