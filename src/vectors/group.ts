/** Where each number occurs in a list. */

export interface Groups {
  /** The numbers that occur, in the order in which they first do. */
  readonly rows: Int32Array;
  /** [rows + 1]: where the places of each begin. */
  readonly begins: Int32Array;
  /** Indices into the list, those of one number after the other, ascending. */
  readonly places: Int32Array;
}

/** Groups lists of whole numbers below a limit, in time that does not depend on the limit. */
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
