/** Principal components: the directions in which a set of vectors varies most. */
import { dot, leading } from './leading_eigenvalues.ts';

/**
 * The coordinates of vectors along their first `count` principal components.
 *
 * @param rows vectors of equal length
 * @returns for each component the coordinate of every vector; the sign is such that the largest one in size is positive
 */
export function principalComponents(rows: readonly Float32Array[], count: number): Float64Array[] {
  const [size, dimension] = [rows.length, rows[0].length];
  const centred = rows.map((row) => Float64Array.from(row));
  for (let i = 0; i < dimension; i++) {
    const mean = centred.reduce((sum, row) => sum + row[i], 0) / size;
    for (const row of centred) row[i] -= mean;
  }
  // X·Xᵀ and Xᵀ·X have the same eigenvalues except zeros: use the smaller matrix.
  const byRow = size <= dimension;
  const columns = byRow
    ? centred
    : Array.from({ length: dimension }, (_, i) => Float64Array.from(centred, (row) => row[i]));
  const { values, vectors } = leading(
    columns.map((a) => Float64Array.from(columns, (b) => dot(a, b))),
    count,
  );
  return Array.from({ length: count }, (_, k) => {
    const vector = vectors[k];
    if (!vector) return new Float64Array(size);
    const scale = Math.sqrt(Math.max(values[k], 0));
    const scores = byRow
      ? vector.map((value) => value * scale)
      : Float64Array.from(centred, (row) => dot(row, vector));
    const farthest = scores.reduce((most, score) =>
      Math.abs(score) > Math.abs(most) ? score : most,
    );
    return farthest < 0 ? scores.map((score) => -score) : scores;
  });
}
