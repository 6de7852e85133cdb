import { load, mul } from '../lib/lanes';
import { gradient } from '../lib/maps.generated';

/** shaders/unary_gradient.wgsl */
export function unaryGradient(v: usize, dy: usize, dx: usize, size: usize, alpha: f32, beta: f32, map: i32): void {
  const bytes: usize = 4 * size;
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(dx + at, mul(load(dy + at), gradient(map, load(v + at), alpha, beta)));
}
