import { load } from '../lib/lanes';
import { map as apply } from '../lib/maps.generated';

/** shaders/unary.wgsl */
export function unary(x: usize, y: usize, size: usize, alpha: f32, beta: f32, map: i32): void {
  const bytes: usize = 4 * size;
  for (let at: usize = 0; at < bytes; at += 16) v128.store(y + at, apply(map, load(x + at), alpha, beta));
}
