/** Groups the positions in a list by the number that stands there. */

export interface Groups {
  /** The distinct numbers, in the order of their first occurrence. */
  readonly rows: Int32Array;
  /** [rows + 1]: the index in `places` at which those of each number begin, and the end of the last ones. */
  readonly begins: Int32Array;
  /** Positions in the list: all positions of one number in ascending order, then those of the next. */
  readonly places: Int32Array;
}

/** Groups lists of whole numbers below a limit; the time per list does not depend on the limit. */
export class Grouper {
  /** The group of each number; -1 between calls. */
  private readonly group: Int32Array;

  constructor(limit: number) {
    this.group = new Int32Array(limit).fill(-1);
  }

  groups(list: Int32Array): Groups {
    const { group } = this;
    const rows: number[] = [];
    const sizes: number[] = [];
    for (const id of list) {
      if (group[id] < 0) {
        group[id] = rows.push(id) - 1;
        sizes.push(0);
      }
      sizes[group[id]]++;
    }
    const begins = new Int32Array(rows.length + 1);
    for (let g = 0; g < rows.length; g++) begins[g + 1] = begins[g] + sizes[g];
    const next = begins.slice();
    const places = new Int32Array(list.length);
    list.forEach((id, place) => (places[next[group[id]]++] = place));
    for (const id of rows) group[id] = -1;
    return { rows: Int32Array.from(rows), begins, places };
  }
}
