import { add, load, madd, mul, splat } from '../lib/lanes';

/** shaders/weighted_rows.wgsl */
export function weightedRows(
  table: usize, ids: usize, weights: usize, places: usize, begins: usize, rows: usize, out: usize,
  count: usize, width: usize, scale: f32, accumulate: i32,
): void {
  for (let r: usize = 0; r < count; r++) {
    const begin: usize = i32.load(begins + 4 * r);
    const end: usize = i32.load(begins + 4 * r, 4);
    const row = out + 4 * width * i32.load(rows + 4 * r);
    for (let e: usize = 0; e < 4 * width; e += 16) {
      let sum = splat(0);
      for (let j: usize = 4 * begin; j < end * 4; j += 4) {
        const weight = v128.load32_splat(weights + 4 * i32.load(places + j));
        sum = madd(weight, load(table + 4 * width * i32.load(ids + j) + e), sum);
      }
      sum = mul(splat(scale), sum);
      v128.store(row + e, accumulate == 1 ? add(load(row + e), sum) : sum);
    }
  }
}
