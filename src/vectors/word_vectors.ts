/** A table of words and their vectors: neighbours, analogies, and a projection for plots. */
import { check, LIST, show, sizeFor } from '../options.ts';
import { principalComponents } from './pca.ts';
import { textOf, writeText } from './text_format.ts';
import type { TextFormatOptions } from './text_format.ts';

/** A list of words in the order of their ids, or the id of each word. */
export type Vocabulary =
  readonly string[] | ReadonlyMap<string, number> | Readonly<Record<string, number>>;

/** First weights for an embedding: the vectors of the words of a vocabulary. */
export interface EmbeddingMatrix {
  /** Row-major values. */
  readonly data: Float32Array;
  /** [V, dimension]. */
  readonly shape: readonly [number, number];
  /** Words of the vocabulary without a vector; their rows are zeros. Padding ('') and '[UNK]' are not listed. */
  readonly missing: readonly string[];
}

/** A word, and how similar it is. */
export interface Neighbour {
  /** The word itself. */
  readonly word: string;
  /** The cosine of the angle between the vectors, from -1 to 1. */
  readonly similarity: number;
}

/** The place of a word in a plot. */
export interface Point {
  /** The word itself. */
  readonly word: string;
  /** Along the direction in which the vectors differ most. */
  readonly x: number;
  /** Along the direction in which they differ second most. */
  readonly y: number;
}

/**
 * A table of words and their vectors: neighbours, analogies, and a projection for plots. It needs no device.
 *
 * @example
 * ```js
 * const vectors = new WordVectors(['cat', 'dog', 'car'], 2, new Float32Array([1, 0.2, 0.9, 0.3, -0.5, 1]));
 * console.log(vectors.nearest('cat', 1)[0].word); // prints dog
 * ```
 */
export class WordVectors {
  /** In the order of the rows of `matrix`; in files usually the most frequent first. */
  readonly words: readonly string[];
  /** The length of a vector. */
  readonly dimension: number;
  /** [words, dimension], row-major. */
  readonly matrix: Float32Array;
  /** The row index of each word. */
  readonly index: ReadonlyMap<string, number>;
  private unit: Float32Array | null = null;

  /**
   * @param matrix [words, dimension], for example the trained weights of an Embedding
   * @throws Error if a word occurs twice, the sizes do not match, or a number is not finite
   */
  constructor(words: readonly string[], dimension: number, matrix: Float32Array) {
    if (!Number.isInteger(dimension) || dimension < 1)
      throw new Error(`WordVectors: expected a dimension of at least 1, got ${show(dimension)}`);
    if (matrix.length !== words.length * dimension)
      throw new Error(
        `WordVectors: expected ${words.length} x ${dimension} numbers, got ${matrix.length}`,
      );
    this.words = words;
    this.dimension = dimension;
    this.matrix = matrix;
    this.index = new Map(words.map((word, row) => [word, row]));
    if (this.index.size !== words.length)
      throw new Error('WordVectors: expected distinct words, got one twice');
    const bad = matrix.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new Error(
        `WordVectors: expected finite numbers, got ${matrix[bad]} in the vector of '${words[Math.floor(bad / dimension)]}'; ` +
          'leave the word out',
      );
  }

  /** Whether there is a vector of that word. */
  has(word: string): boolean {
    return this.index.has(word);
  }

  /**
   * The vector of a word, [dimension], as a view into `matrix`.
   *
   * @throws Error if there is no such word
   */
  vector(word: string): Float32Array {
    const row = this.rowOf(word);
    return this.matrix.subarray(row * this.dimension, (row + 1) * this.dimension);
  }

  /** The cosine of the angle between the vectors of two words. */
  similarity(a: string, b: string): number {
    const [u, v] = [this.unitVector(a), this.unitVector(b)];
    return u.reduce((sum, value, i) => sum + value * v[i], 0);
  }

  /**
   * The `n` words most similar to `word` by the cosine of their vectors, without `word` itself, most similar first.
   *
   * @throws Error if there is no such word
   */
  nearest(word: string, n = 10): Neighbour[] {
    const row = this.rowOf(word);
    return closest(this.words, this.units(), this.unitVector(word), n, new Set([row]));
  }

  /**
   * Answers "`a` is to `b` as `c` is to …": the words most similar (by cosine) to b - a + c, computed with unit vectors, most
   * similar first and without the three words. `analogy('man', 'king', 'woman')` should find queen.
   *
   * Mikolov, Yih and Zweig, "Linguistic Regularities in Continuous Space Word Representations" (NAACL 2013).
   *
   * @throws Error if one of the words is unknown
   */
  analogy(a: string, b: string, c: string, n = 1): Neighbour[] {
    const [from, to, other] = [a, b, c].map((word) => this.unitVector(word));
    const target = other.map((value, i) => value + to[i] - from[i]);
    const rows = new Set([a, b, c].map((word) => this.rowOf(word)));
    return closest(this.words, this.units(), target, n, rows);
  }

  /**
   * Projects words onto the plane of the first two principal components of their vectors. The word furthest from the origin
   * along an axis is on its positive side, so that the picture is always the same.
   *
   * @param words two or more
   * @throws Error if there are fewer, or a word is unknown
   */
  project(words: readonly string[]): Point[] {
    check('project', 'words', words, LIST);
    if (words.length < 2)
      throw new Error(`project: expected two words or more, got ${words.length}`);
    const rows = words.map((word) => this.vector(word));
    const [xs, ys] = principalComponents(rows, 2);
    return words.map((word, i) => ({ word, x: xs[i], y: ys[i] }));
  }

  /**
   * The weights of an Embedding for a vocabulary: the vector of each word in the row of its id, zeros for words without a
   * vector.
   *
   * @param vocabulary words in the order of their ids (`getVocabulary()`), or a Map or object from word to id (`wordIndex`)
   * @throws Error for anything else, and for ids that are not whole numbers of at least 0
   */
  embeddingMatrix(vocabulary: Vocabulary): EmbeddingMatrix {
    const entries = entriesOf(vocabulary);
    const bad = entries.find(([, row]) => !Number.isInteger(row) || row < 0);
    if (bad)
      throw new Error(
        `embeddingMatrix: expected ids of at least 0, got ${show(bad[1])} for ${show(bad[0])}`,
      );
    const rows = entries.reduce((most, [, row]) => Math.max(most, row + 1), 0);
    const { dimension } = this;
    const data = new Float32Array(sizeFor('embeddingMatrix', rows, dimension));
    const missing: string[] = [];
    for (const [word, row] of entries) {
      if (this.has(word)) data.set(this.vector(word), row * dimension);
      else if (word !== '' && word !== '[UNK]') missing.push(word);
    }
    return { data, shape: [rows, dimension], missing };
  }

  /** The vectors as text, one line per word, with enough digits that reading them returns the same float32 values. */
  toText(options: TextFormatOptions = {}): string {
    return [...textOf(this, options)].join('');
  }

  /**
   * Writes `toText` to a file, piece by piece.
   *
   * @throws Error if there is no file system, as in a browser: use `toText` and a download there
   */
  save(path: string, options: TextFormatOptions = {}): Promise<void> {
    return writeText(path, textOf(this, options));
  }

  private rowOf(word: string): number {
    const row = this.index.get(word);
    if (row === undefined)
      throw new Error(
        `no vector for ${show(word)} among ${this.words.length} words; ask has(word) first`,
      );
    return row;
  }

  private unitVector(word: string): Float32Array {
    const row = this.rowOf(word);
    return this.units().subarray(row * this.dimension, (row + 1) * this.dimension);
  }

  /** All vectors scaled to length 1, computed once. A zero vector stays zero. */
  private units(): Float32Array {
    if (this.unit) return this.unit;
    const { matrix, dimension } = this;
    const unit = new Float32Array(matrix.length);
    for (let begin = 0; begin < matrix.length; begin += dimension) {
      let squares = 0;
      for (let i = begin; i < begin + dimension; i++) squares += matrix[i] * matrix[i];
      const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
      for (let i = begin; i < begin + dimension; i++) unit[i] = matrix[i] * scale;
    }
    return (this.unit = unit);
  }
}

function entriesOf(vocabulary: Vocabulary): (readonly [string, number])[] {
  if (Array.isArray(vocabulary))
    return Array.from(vocabulary as readonly string[], (word, row) => [word, row] as const);
  if (vocabulary instanceof Map) return [...(vocabulary as ReadonlyMap<string, number>)];
  if (Object.prototype.toString.call(vocabulary) !== '[object Object]')
    throw new Error(
      `embeddingMatrix: expected a list of words, or a Map or an object with the number of each word, got ${show(vocabulary)}`,
    );
  return Object.entries(vocabulary as Readonly<Record<string, number>>);
}

/**
 * The `n` words whose vectors are most similar to `target`, most similar first.
 *
 * @param units [words, dimension], the unit vectors of the words
 * @param target [dimension], of any length
 * @param excluded rows to leave out
 */
function closest(
  words: readonly string[],
  units: Float32Array,
  target: Float32Array,
  n: number,
  excluded: ReadonlySet<number>,
): Neighbour[] {
  if (!Number.isInteger(n) || n < 1)
    throw new Error(`expected a number of neighbours of at least 1, got ${show(n)}`);
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
