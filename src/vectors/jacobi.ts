/** Eigenvalues of symmetric matrices by Jacobi rotations (Golub and Van Loan, "Matrix Computations", section 8.5). */

const MAX_SWEEPS = 50;

/** @returns all eigenvalues in descending order, and unit eigenvectors in the same order */
export function eigen(symmetric: readonly Float64Array[]): {
  values: number[];
  vectors: Float64Array[];
} {
  const n = symmetric.length;
  const a = symmetric.map((row) => row.slice());
  // Rows of v become the eigenvectors.
  const v = a.map((_, i) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
  const total = a.reduce((sum, row) => sum + row.reduce((squares, x) => squares + x * x, 0), 0);
  for (let sweep = 0; sweep < MAX_SWEEPS && offDiagonal(a) > 1e-24 * total; sweep++)
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(a, v, p, q);
  const order = a.map((_, i) => i).sort((i, j) => a[j][j] - a[i][i]);
  return { values: order.map((i) => a[i][i]), vectors: order.map((i) => v[i]) };
}

function offDiagonal(a: readonly Float64Array[]): number {
  let sum = 0;
  a.forEach((row, i) => row.forEach((x, j) => (sum += i === j ? 0 : x * x)));
  return sum;
}

/** Rotates axes p and q so that a[p][q] becomes zero. */
function rotate(
  a: readonly Float64Array[],
  v: readonly Float64Array[],
  p: number,
  q: number,
): void {
  if (a[p][q] === 0) return;
  const tau = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  for (const row of a) [row[p], row[q]] = [c * row[p] - s * row[q], s * row[p] + c * row[q]];
  for (const m of [a, v])
    for (let i = 0; i < a.length; i++)
      [m[p][i], m[q][i]] = [c * m[p][i] - s * m[q][i], s * m[p][i] + c * m[q][i]];
}
