/** Sequences of word ids as a matrix with a row for each text: `sequences_to_matrix` of Keras' Tokenizer. */
import { checkList, idsOf, oneOf } from './checks.ts';
import type { TextArray } from './text_array.ts';

export const MATRIX_MODES = ['binary', 'count', 'freq', 'tfidf'] as const;
export type MatrixMode = (typeof MATRIX_MODES)[number];

/** The number of texts that a tokenizer has counted, and how many of them contain each word. */
export interface Documents {
  readonly documentCount: number;
  readonly indexDocs: ReadonlyMap<number, number>;
}

/** The entry for a word that occurs `count` times in a text of `length` words. */
function entry(
  mode: MatrixMode,
  word: number,
  count: number,
  length: number,
  { documentCount, indexDocs }: Documents,
): number {
  if (mode === 'binary') return 1;
  if (mode === 'count') return count;
  if (mode === 'freq') return count / length;
  const idf = Math.log(1 + documentCount / (1 + (indexDocs.get(word) ?? 0)));
  return (1 + Math.log(count)) * idf;
}

export function matrixOf(
  sequences: readonly ArrayLike<number>[],
  width: number,
  mode: MatrixMode,
  documents: Documents,
): TextArray<Float32Array> {
  oneOf('Tokenizer: mode', mode, MATRIX_MODES);
  if (mode === 'tfidf' && documents.documentCount === 0)
    throw new Error("Tokenizer: mode 'tfidf' needs texts to weigh words by; fitOnTexts first");
  checkList('Tokenizer.sequencesToMatrix', sequences, 'sequence');
  const data = new Float32Array(sequences.length * width);
  sequences.forEach((sequence, row) => {
    const counts = new Map<number, number>();
    for (const word of idsOf(`Tokenizer.sequencesToMatrix: sequence ${row}`, sequence))
      if (word < width) counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const [word, count] of counts)
      data[row * width + word] = entry(mode, word, count, sequence.length, documents);
  });
  return { data, shape: [sequences.length, width] };
}
