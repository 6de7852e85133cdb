/** Collects word vectors while their number is still unknown. */
import { WordVectors } from './word_vectors.ts';

export class VectorList {
  readonly dimension: number;
  readonly words: string[] = [];
  private readonly known = new Set<string>();
  private matrix: Float32Array;

  /** @param expected how many vectors to reserve memory for */
  constructor(dimension: number, expected: number) {
    this.dimension = dimension;
    // A header may claim any number, so at most 16 MiB are reserved in advance.
    this.matrix = new Float32Array(Math.min(expected * dimension, 2 ** 22));
  }

  /** Adds a word, unless it is there already. @param fill writes the vector into its row */
  add(word: string, fill: (row: Float32Array) => void): void {
    if (this.known.has(word)) return;
    const begin = this.words.length * this.dimension;
    const end = begin + this.dimension;
    if (end > this.matrix.length) {
      const larger = new Float32Array(Math.max(end, Math.ceil(this.matrix.length * 1.5)));
      larger.set(this.matrix);
      this.matrix = larger;
    }
    fill(this.matrix.subarray(begin, end));
    this.known.add(word);
    this.words.push(word);
  }

  finish(): WordVectors {
    const { words, dimension, matrix } = this;
    const length = words.length * dimension;
    return new WordVectors(
      words,
      dimension,
      matrix.length === length ? matrix : matrix.slice(0, length),
    );
  }
}
