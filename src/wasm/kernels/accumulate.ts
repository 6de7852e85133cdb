import { add, load } from '../lib/lanes';

/** shaders/accumulate.wgsl */
export function accumulate(a: usize, b: usize, out: usize, size: usize): void {
  const bytes: usize = 4 * size;
  for (let at: usize = 0; at < bytes; at += 16) v128.store(out + at, add(load(a + at), load(b + at)));
}
