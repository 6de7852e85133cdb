/** The weights of an Embedding, from word vectors. */
import { describe } from '../data/elements.ts';

/** A list of words in the order of their ids, or the id of each word. */
export type Vocabulary =
  readonly string[] | ReadonlyMap<string, number> | Readonly<Record<string, number>>;

/** The part of `WordVectors` that is needed here. */
interface VectorsByWord {
  readonly dimension: number;
  has(word: string): boolean;
  vector(word: string): Float32Array;
}

export interface EmbeddingMatrix {
  /** Row-major values. */
  readonly data: Float32Array;
  /** [V, dimension] */
  readonly shape: readonly [number, number];
  /** Words of the vocabulary without a vector; their rows are zeros. Padding ('') and '[UNK]' are not listed. */
  readonly missing: readonly string[];
}

export function embeddingMatrix(vectors: VectorsByWord, vocabulary: Vocabulary): EmbeddingMatrix {
  const entries = entriesOf(vocabulary);
  const bad = entries.find(([, row]) => !Number.isInteger(row) || row < 0);
  if (bad)
    throw new Error(`embeddingMatrix: expected ids of at least 0, got ${bad[1]} for '${bad[0]}'`);
  const rows = entries.reduce((most, [, row]) => Math.max(most, row + 1), 0);
  const { dimension } = vectors;
  const data = new Float32Array(rows * dimension);
  const missing: string[] = [];
  for (const [word, row] of entries) {
    if (vectors.has(word)) data.set(vectors.vector(word), row * dimension);
    else if (word !== '' && word !== '[UNK]') missing.push(word);
  }
  return { data, shape: [rows, dimension], missing };
}

function entriesOf(vocabulary: Vocabulary): (readonly [string, number])[] {
  if (Array.isArray(vocabulary))
    return (vocabulary as readonly string[]).map((word, row) => [word, row] as const);
  if (vocabulary instanceof Map) return [...(vocabulary as ReadonlyMap<string, number>)];
  if (Object.prototype.toString.call(vocabulary) !== '[object Object]')
    throw new Error(
      `embeddingMatrix: expected a list of words, or a Map or an object with the number of each word, got ${describe(vocabulary)}`,
    );
  return Object.entries(vocabulary as Readonly<Record<string, number>>);
}
