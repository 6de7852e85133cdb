import { add, mul, splat, sub, sumOf } from '../lib/lanes';
import { loadUpTo, storeUpTo } from '../lib/rest';

/** shaders/normalize_gradient.wgsl */
export function normalizeGradient(y: usize, roots: usize, dy: usize, dx: usize, rows: usize, columns: usize): void {
  const bytes = 4 * columns;
  for (let i: usize = 0; i < rows; i++, y += bytes, dy += bytes, dx += bytes) {
    // What is missing of the last four is zero, and adds nothing.
    let sums = splat(0), products = splat(0);
    for (let k: usize = 0; k < columns; k += 4) {
      const g = loadUpTo(dy + 4 * k, columns - k);
      sums = add(sums, g);
      products = add(products, mul(g, loadUpTo(y + 4 * k, columns - k)));
    }
    const mean = splat(sumOf(sums) / <f32>columns);
    const slope = splat(sumOf(products) / <f32>columns);
    const root = v128.load32_splat(roots + 4 * i);
    for (let k: usize = 0; k < columns; k += 4) {
      const left = columns - k;
      const rest = sub(sub(loadUpTo(dy + 4 * k, left), mean), mul(loadUpTo(y + 4 * k, left), slope));
      storeUpTo(dx + 4 * k, mul(rest, root), left);
    }
  }
}
