import { load, madd, splat, sumOf } from '../lib/lanes';

/** shaders/row_products.wgsl */
export function rowProducts(a: usize, table: usize, ids: usize, out: usize, size: usize, each: usize, width: usize): void {
  for (let i: usize = 0; i < size; i++) {
    const row = a + 4 * width * (i / each);
    const other = table + 4 * width * i32.load(ids + 4 * i);
    let sum = splat(0);
    for (let e: usize = 0; e < 4 * width; e += 16) sum = madd(load(row + e), load(other + e), sum);
    f32.store(out + 4 * i, sumOf(sum));
  }
}
