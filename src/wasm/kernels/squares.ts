import { load, madd, splat, sumOf } from '../lib/lanes';
import { keep } from '../lib/rest';

// @ts-ignore: decorator
@inline
const PARTS: usize = 64;

/** shaders/squares.wgsl: each part is of neighbours. */
export function squares(gradient: usize, parts: usize, size: usize, first: usize): void {
  const each: usize = 4 * ((size + 4 * PARTS - 1) / (4 * PARTS));
  for (let part: usize = 0; part < PARTS; part++) {
    const end = min((part + 1) * each, size);
    let sum = splat(0);
    // 0 of finite numbers, NaN of others.
    let zeros = splat(0);
    for (let i = part * each; i < end; i += 4) {
      const four = load(gradient + 4 * i);
      const g = i + 4 <= end ? four : keep(four, end - i, splat(0));
      sum = madd(g, g, sum);
      zeros = madd(g, splat(0), zeros);
    }
    const to = parts + 8 * (first + part);
    f32.store(to, sumOf(sum));
    f32.store(to, sumOf(zeros) == 0 ? 0 : 1, 4);
  }
}
