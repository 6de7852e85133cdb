// What needs no memory: one Gaussian of the next offset, whose mean is linear in the last point, and whether the pen is lifted after it by
// logistic regression on the last point and on that offset.
import type { Drawing } from './drawings.ts';

/** 1, the last point, and the next one: offsets divided by the scale. Before the first point there are zeros, as for the network. */
type Pair = readonly number[];
/** Of what the next offset is predicted from, and whether the pen is lifted. */
const [BEFORE, BESIDE] = [4, 6];

function pairsOf(drawings: readonly Drawing[], scale: number): Pair[] {
  const pairs: Pair[] = [];
  for (const drawing of drawings) {
    let last = [0, 0, 0];
    for (let i = 0; i < drawing.length; i += 3) {
      const next = [drawing[i] / scale, drawing[i + 1] / scale, drawing[i + 2]];
      pairs.push([1, ...last, ...next]);
      last = next;
    }
  }
  return pairs;
}

/** Fits on some drawings; nats a point on others, densities of offsets divided by `scale`. */
export function baselineOf(
  train: readonly Drawing[],
  test: readonly Drawing[],
  scale: number,
): number {
  const known = pairsOf(train, scale);
  const means = [4, 5].map((place) => leastSquares(known, place));
  const errorsOf = (pair: Pair) => means.map((mean, axis) => pair[4 + axis] - dot(mean, pair));
  let [xx, xy, yy] = [0, 0, 0];
  for (const pair of known) {
    const [dx, dy] = errorsOf(pair);
    [xx, xy, yy] = [xx + dx * dx, xy + dx * dy, yy + dy * dy];
  }
  [xx, xy, yy] = [xx, xy, yy].map((sum) => sum / known.length);
  const determinant = xx * yy - xy * xy;
  const lifts = logisticRegression(known);
  const asked = pairsOf(test, scale);
  const nats = asked.map((pair) => {
    const [dx, dy] = errorsOf(pair);
    const distance = (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / determinant;
    const logit = dot(lifts, pair);
    const pen = Math.log1p(Math.exp(-Math.abs(logit))) + Math.max(logit, 0) - logit * pair[6];
    return Math.log(2 * Math.PI) + 0.5 * Math.log(determinant) + 0.5 * distance + pen;
  });
  return nats.reduce((sum, one) => sum + one, 0) / nats.length;
}

/** The weights that predict the number at a place of each pair. */
function leastSquares(pairs: readonly Pair[], place: number): number[] {
  const { products, sums } = normalEquations(
    pairs,
    BEFORE,
    () => 1,
    (pair) => pair[place],
  );
  return solve(products, sums);
}

/** The weights of the logit of a lifted pen: Newton's method from zeros. */
function logisticRegression(pairs: readonly Pair[]): number[] {
  let weights = new Array<number>(BESIDE).fill(0);
  const probability = (pair: Pair) => 1 / (1 + Math.exp(-dot(weights, pair)));
  for (let step = 0; step < 8; step++) {
    const { products, sums } = normalEquations(
      pairs,
      BESIDE,
      (pair) => probability(pair) * (1 - probability(pair)),
      (pair) => pair[6] - probability(pair),
    );
    const change = solve(products, sums);
    weights = weights.map((weight, i) => weight + change[i]);
  }
  return weights;
}

/** Of the first `size` numbers of pairs their weighted products with one another, and their products with what is to be predicted. */
function normalEquations(
  pairs: readonly Pair[],
  size: number,
  weightOf: (pair: Pair) => number,
  answerOf: (pair: Pair) => number,
) {
  const products = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const sums = new Array<number>(size).fill(0);
  for (const pair of pairs) {
    const [weight, answer] = [weightOf(pair), answerOf(pair)];
    for (let i = 0; i < size; i++) {
      sums[i] += pair[i] * answer;
      for (let j = 0; j < size; j++) products[i][j] += weight * pair[i] * pair[j];
    }
  }
  return { products, sums };
}

const dot = (weights: readonly number[], pair: Pair) =>
  weights.reduce((sum, weight, i) => sum + weight * pair[i], 0);

/** Solves A x = b by elimination, for a symmetric A without negative eigenvalues. What never differs from 0 gets the weight 0. */
function solve(A: readonly (readonly number[])[], b: readonly number[]): number[] {
  const rows = A.map((row, i) => [...row, b[i]]);
  const size = b.length;
  for (let i = 0; i < size; i++) {
    if (Math.abs(rows[i][i]) < 1e-9) continue;
    for (let j = 0; j < size; j++) {
      if (j === i) continue;
      const factor = rows[j][i] / rows[i][i];
      for (let k = i; k <= size; k++) rows[j][k] -= factor * rows[i][k];
    }
  }
  return rows.map((row, i) => (Math.abs(row[i]) < 1e-9 ? 0 : row[size] / row[i]));
}
