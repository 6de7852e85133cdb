/** The greatest eigenvalues of symmetric matrices by orthogonal iteration (Golub and Van Loan, "Matrix Computations", section 8.2). */
import { Random } from '../random.ts';
import { eigen } from './jacobi.ts';

/** Vectors that are iterated beside those asked for: the more, the sooner these stand still. */
const BESIDE = 22;
const MAX_TURNS = 1000;
/** Of the greatest eigenvalue. */
const TOLERANCE = 1e-9;

/**
 * @param symmetric without negative eigenvalues
 * @returns the `count` greatest eigenvalues, or as many as there are, the greatest first, and unit eigenvectors in the same order
 */
export function leading(
  symmetric: readonly Float64Array[],
  count: number,
): ReturnType<typeof eigen> {
  const n = symmetric.length;
  if (n <= 2 * BESIDE) return eigen(symmetric);
  const image = (vector: Float64Array) => Float64Array.from(symmetric, (row) => dot(row, vector));
  const random = new Random(0);
  let basis: Float64Array[] = Array.from({ length: count + BESIDE }, () =>
    Float64Array.from({ length: n }, () => random.normal()),
  );
  for (let turn = 0; ; turn++) {
    orthonormalize(basis);
    const images = basis.map(image);
    // The best that there is in the space of the basis.
    const { values, vectors } = eigen(
      basis.map((a) => Float64Array.from(images, (b) => dot(a, b))),
    );
    const turned = vectors.map((weights) => combined(weights, images));
    const found = vectors.slice(0, count).map((weights) => combined(weights, basis));
    const errors = found.map((vector, k) =>
      Math.hypot(...vector.map((x, i) => turned[k][i] - values[k] * x)),
    );
    if (turn === MAX_TURNS || errors.every((error) => error <= TOLERANCE * values[0]))
      return { values: values.slice(0, count), vectors: found };
    // Twice and more by the matrix between two looks, which cost as much.
    basis = turned.map(image).map(image);
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

/** Gram and Schmidt's, in place, twice for the sake of rounding. What depends on those before it becomes zero. */
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
