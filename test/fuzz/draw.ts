/** Seeded choices, from which cases are made: case i of a kind is the same for the same seed, whatever ran before it. */
import { foldSeed, Random } from '../../src/random.ts';

export class Draw {
  private readonly random: Random;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  /** The choices of one case. */
  static of(seed: number, kind: string, index: number): Draw {
    const place = [...kind].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2 ** 31, 7);
    return new Draw(foldSeed(foldSeed(seed, place), index));
  }

  /** A whole number in [0, n). */
  below(n: number): number {
    return this.random.integer(n);
  }

  /** A whole number in [low, high], both included. */
  between(low: number, high: number): number {
    return low + this.random.integer(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.random.uniform() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.random.integer(list.length)];
  }

  /** So many of the list, in its order; all where there are no more. */
  some<T>(list: readonly T[], count: number): T[] {
    const places = this.random.shuffle(list.map((_, i) => i)).slice(0, count);
    return places.sort((a, b) => a - b).map((place) => list[place]);
  }
}
