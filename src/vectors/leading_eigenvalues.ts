/**
 * The largest eigenvalues of symmetric matrices by orthogonal iteration (Golub and Van Loan, "Matrix Computations", section
 * 8.2).
 */
import { Random } from '../random.ts';
import { eigen } from './jacobi.ts';

/** Additional vectors to iterate: the more there are, the faster the wanted ones converge. */
const EXTRA = 22;
const MAX_ITERATIONS = 1000;
/** The largest error of an eigenvector, relative to the largest eigenvalue. */
const TOLERANCE = 1e-9;

/**
 * @param symmetric a matrix without negative eigenvalues
 * @returns the `count` largest eigenvalues (all, if there are fewer) in descending order, and unit eigenvectors in the same order
 */
export function leading(
  symmetric: readonly Float64Array[],
  count: number,
): ReturnType<typeof eigen> {
  const n = symmetric.length;
  if (n <= 2 * EXTRA) return eigen(symmetric);
  const image = (vector: Float64Array) => Float64Array.from(symmetric, (row) => dot(row, vector));
  const random = new Random(0);
  let basis: Float64Array[] = Array.from({ length: count + EXTRA }, () =>
    Float64Array.from({ length: n }, () => random.normal()),
  );
  for (let iteration = 0; ; iteration++) {
    orthonormalize(basis);
    const images = basis.map(image);
    // The best approximations in the space spanned by the basis (Rayleigh-Ritz).
    const { values, vectors } = eigen(
      basis.map((a) => Float64Array.from(images, (b) => dot(a, b))),
    );
    const products = vectors.map((weights) => combined(weights, images));
    const found = vectors.slice(0, count).map((weights) => combined(weights, basis));
    const errors = found.map((vector, k) =>
      Math.hypot(...vector.map((x, i) => products[k][i] - values[k] * x)),
    );
    if (iteration === MAX_ITERATIONS || errors.every((error) => error <= TOLERANCE * values[0]))
      return { values: values.slice(0, count), vectors: found };
    // Two more multiplications by the matrix: checking for convergence costs as much.
    basis = products.map(image).map(image);
  }
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function combined(weights: Float64Array, vectors: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(vectors[0].length);
  vectors.forEach((vector, k) => {
    for (let i = 0; i < sum.length; i++) sum[i] += weights[k] * vector[i];
  });
  return sum;
}

/** Gram-Schmidt in place, applied twice against rounding errors. A vector that depends on those before it becomes zero. */
function orthonormalize(vectors: readonly Float64Array[]): void {
  vectors.forEach((vector, k) => {
    const length = Math.sqrt(dot(vector, vector));
    for (let again = 0; again < 2; again++)
      for (const before of vectors.slice(0, k)) {
        const share = dot(vector, before);
        for (let i = 0; i < vector.length; i++) vector[i] -= share * before[i];
      }
    const left = Math.sqrt(dot(vector, vector));
    const scale = left > 1e-12 * length ? 1 / left : 0;
    for (let i = 0; i < vector.length; i++) vector[i] *= scale;
  });
}
