// Rows of n numbers, wherever they begin.
import { add, splat } from './lanes';
import { loadUpTo, storeUpTo } from './rest';

export function copyRow(to: usize, from: usize, n: usize): void {
  for (let i: usize = 0; i < n; i += 4) storeUpTo(to + 4 * i, loadUpTo(from + 4 * i, n - i), n - i);
}

export function fillRow(to: usize, value: f32, n: usize): void {
  for (let i: usize = 0; i < n; i += 4) storeUpTo(to + 4 * i, splat(value), n - i);
}

export function addRow(to: usize, from: usize, n: usize): void {
  for (let i: usize = 0; i < n; i += 4) {
    const sum = add(loadUpTo(to + 4 * i, n - i), loadUpTo(from + 4 * i, n - i));
    storeUpTo(to + 4 * i, sum, n - i);
  }
}
