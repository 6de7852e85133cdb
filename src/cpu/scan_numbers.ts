/** What the twins of the scan share: where its numbers stand, and how complex ones are multiplied. Real ones have no imaginary part. */

interface Sizes {
  rows: number;
  columns: number;
  aOuter: number;
  aRow: number;
  aColumn: number;
  reversed: number;
  form: number;
}

/** The row that is processed as number s. */
const rowOf = (s: number, { rows, reversed }: Sizes): number => (reversed ? rows - 1 - s : s);

/** Where the number of a column at step s stands. */
export const placeOf = (o: number, s: number, column: number, p: Sizes): number =>
  (o * p.rows + rowOf(s, p)) * p.columns + column;

/** a, with its imaginary part. */
export function factorAt(
  a: ArrayLike<number>,
  o: number,
  s: number,
  column: number,
  p: Sizes,
): number[] {
  const at = o * p.aOuter + rowOf(s, p) * p.aRow + column * p.aColumn;
  return p.form === 2 ? [a[2 * at], a[2 * at + 1]] : [a[at], 0];
}

export const product = (x: readonly number[], y: readonly number[]): number[] => [
  x[0] * y[0] - x[1] * y[1],
  x[0] * y[1] + x[1] * y[0],
];

export const conjugate = (x: readonly number[]): number[] => [x[0], -x[1]];
