import { addRow } from '../lib/rows';

/** shaders/scatter_add.wgsl */
export function scatterAdd(ids: usize, values: usize, out: usize, rows: usize, width: usize, vocabulary: usize, skip: i32): void {
  memory.fill(out, 0, 4 * vocabulary * width);
  for (let n: usize = 0; n < rows; n++, values += 4 * width) {
    const id: usize = i32.load(ids + 4 * n);
    if (id < vocabulary && id != <usize>skip) addRow(out + 4 * id * width, values, width);
  }
}
