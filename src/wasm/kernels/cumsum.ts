import { copyRow, addRow } from '../lib/rows';

/** shaders/cumsum.wgsl: a row is the one before it, and its own numbers. */
export function cumsum(x: usize, y: usize, outer: usize, rows: usize, columns: usize, reversed: i32): void {
  const row: usize = 4 * columns;
  for (let o: usize = 0; o < outer; o++)
    for (let step: usize = 0; step < rows; step++) {
      const at = (o * rows + (reversed == 1 ? rows - 1 - step : step)) * row;
      copyRow(y + at, x + at, columns);
      if (step > 0) addRow(y + at, reversed == 1 ? y + at + row : y + at - row, columns);
    }
}
