/**
 * Samples from a discrete distribution in constant time: Vose, "A Linear Algorithm for Generating Random Numbers with a Given
 * Distribution" (1991).
 */
import type { Random } from '../random.ts';

export class AliasTable {
  /** For each column, the probability of the column itself; the rest belongs to its alias. */
  private readonly own: Float64Array;
  private readonly alias: Int32Array;

  /** @param weights not negative, and not all of them 0 */
  constructor(weights: ArrayLike<number>) {
    const n = weights.length;
    const total = Array.from(weights).reduce((sum, weight) => sum + weight, 0);
    this.own = Float64Array.from(weights, (weight) => (weight * n) / total);
    this.alias = Int32Array.from({ length: n }, (_, i) => i);
    const [small, large]: [number[], number[]] = [[], []];
    const shares = this.own.slice();
    shares.forEach((share, i) => (share < 1 ? small : large).push(i));
    while (small.length > 0 && large.length > 0) {
      const low = small.pop()!;
      const high = large.pop()!;
      this.own[low] = shares[low];
      this.alias[low] = high;
      shares[high] -= 1 - shares[low];
      (shares[high] < 1 ? small : large).push(high);
    }
    // The remaining ones are 1 up to rounding errors.
    for (const i of [...small, ...large]) this.own[i] = 1;
  }

  draw(random: Random): number {
    const at = random.uniform(0, this.own.length);
    const column = Math.floor(at);
    return at - column < this.own[column] ? column : this.alias[column];
  }
}
