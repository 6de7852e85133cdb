import { widenRow } from '../lib/half';
import { copyRow, fillRow } from '../lib/rows';

/** shaders/gather.wgsl */
export function gather(table: usize, ids: usize, out: usize, rows: usize, width: usize, vocabulary: usize, tableHalf: i32): void {
  for (let n: usize = 0; n < rows; n++, out += 4 * width) {
    const id: usize = i32.load(ids + 4 * n);
    // As an unsigned number an id below 0 is beyond every table.
    if (id >= vocabulary) fillRow(out, NaN, width);
    else if (tableHalf == 1) widenRow(out, table + 2 * id * width, width);
    else copyRow(out, table + 4 * id * width, width);
  }
}
