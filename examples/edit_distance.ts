// How far sequences are from each other (Levenshtein 1966).

/** Tokens to insert, leave out or replace. */
export function editDistance(from: readonly string[], to: readonly string[]): number {
  let row = to.map((_, j) => j + 1);
  let first = 0;
  for (const token of from) {
    const before = first++;
    let diagonal = before;
    let left = first;
    row = row.map((above, j) => {
      const cost = Math.min(above + 1, left + 1, diagonal + Number(to[j] !== token));
      diagonal = above;
      left = cost;
      return cost;
    });
  }
  return row.at(-1) ?? from.length;
}
