// Drawings as sequences of points.

/**
 * For each point three numbers: by how much x and y (downwards) change from the point before, in units of a grid, and 1 if the pen is lifted
 * after it, else 0. The pen starts at the origin.
 */
export type Drawing = Int16Array;

export interface Drawings {
  /** What they are, for the report. */
  readonly name: string;
  readonly train: readonly Drawing[];
  /** For the choice of the best epoch. */
  readonly valid: readonly Drawing[];
  readonly test: readonly Drawing[];
}

export const pointsIn = (drawings: readonly Drawing[]): number =>
  drawings.reduce((sum, { length }) => sum + length / 3, 0);

/** The standard deviation of all offsets, those of x and of y together. */
export function deviationOf(drawings: readonly Drawing[]): number {
  let [sum, squares] = [0, 0];
  for (const drawing of drawings)
    drawing.forEach((value, i) => {
      if (i % 3 === 2) return;
      sum += value;
      squares += value * value;
    });
  const count = 2 * pointsIn(drawings);
  return Math.sqrt(squares / count - (sum / count) ** 2);
}
