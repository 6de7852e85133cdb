/** Random orthonormal vectors, apart from the initializer that arranges them as a matrix. */
import type { Random } from './random.ts';

/** Random orthonormal vectors, by the modified Gram-Schmidt process in float64. */
export function orthonormal(count: number, length: number, random: Random): Float64Array[] {
  const all = new Float64Array(count * length);
  for (let i = 0; i < all.length; i++) all[i] = random.standard();
  const vectors = Array.from({ length: count }, (_, n) =>
    all.subarray(n * length, (n + 1) * length),
  );
  const none = new Float64Array(length);
  vectors.forEach((q, n) => {
    normalize(q);
    for (let i = n + 1; i < count; i += 4) {
      const [a, b = none, c = none, d = none] = vectors.slice(i, i + 4);
      takeAway(q, a, b, c, d);
    }
  });
  return vectors;
}

function normalize(q: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < q.length; i++) sum += q[i] * q[i];
  const norm = Math.sqrt(sum);
  for (let i = 0; i < q.length; i++) q[i] /= norm;
}

/** Takes from four vectors what lies along q: their sums grow side by side, where each addition waits for the one before it. */
function takeAway(
  q: Float64Array,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
): void {
  let [alongA, alongB, alongC, alongD] = [0, 0, 0, 0];
  for (let i = 0; i < q.length; i++) {
    alongA += q[i] * a[i];
    alongB += q[i] * b[i];
    alongC += q[i] * c[i];
    alongD += q[i] * d[i];
  }
  for (let i = 0; i < q.length; i++) {
    a[i] -= alongA * q[i];
    b[i] -= alongB * q[i];
    c[i] -= alongC * q[i];
    d[i] -= alongD * q[i];
  }
}
