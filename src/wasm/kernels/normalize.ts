import { mul, splat, sub } from '../lib/lanes';
import { loadUpTo, storeUpTo } from '../lib/rest';
import { sumRow } from '../lib/rows';

/** shaders/normalize.wgsl */
export function normalize(x: usize, y: usize, roots: usize, rows: usize, columns: usize, epsilon: f32): void {
  for (let i: usize = 0; i < rows; i++, x += 4 * columns, y += 4 * columns) {
    const mean = sumRow(x, columns, 0, false) / <f32>columns;
    const variance = sumRow(x, columns, mean, true) / <f32>columns;
    const root: f32 = <f32>1 / sqrt(variance + epsilon);
    f32.store(roots + 4 * i, root);
    for (let k: usize = 0; k < columns; k += 4) {
      const left = columns - k;
      storeUpTo(y + 4 * k, mul(sub(loadUpTo(x + 4 * k, left), splat(mean)), splat(root)), left);
    }
  }
}
