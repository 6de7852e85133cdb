/** Finds the rows of a matrix that are most similar to a vector. */

export interface Neighbour {
  readonly word: string;
  /** The cosine of the angle between the vectors, from -1 to 1. */
  readonly similarity: number;
}

/**
 * The `n` words whose vectors are most similar to `target`, most similar first.
 *
 * @param units [words, dimension], the unit vectors of the words
 * @param target [dimension], of any length
 * @param excluded rows to leave out
 */
export function closest(
  words: readonly string[],
  units: Float32Array,
  target: Float32Array,
  n: number,
  excluded: ReadonlySet<number>,
): Neighbour[] {
  if (!Number.isInteger(n) || n < 1)
    throw new Error(`expected a number of neighbours of at least 1, got ${n}`);
  const dimension = target.length;
  const length = Math.hypot(...target) || 1;
  // Sorted, best first; equally similar rows stay in the order of the matrix.
  const best: { row: number; similarity: number }[] = [];
  for (let row = 0; row < words.length; row++) {
    if (excluded.has(row)) continue;
    const begin = row * dimension;
    let product = 0;
    for (let i = 0; i < dimension; i++) product += units[begin + i] * target[i];
    const similarity = product / length;
    if (best.length === n && similarity <= best[n - 1].similarity) continue;
    let at = best.length;
    while (at > 0 && best[at - 1].similarity < similarity) at--;
    best.splice(at, 0, { row, similarity });
    if (best.length > n) best.pop();
  }
  return best.map(({ row, similarity }) => ({ word: words[row], similarity }));
}
