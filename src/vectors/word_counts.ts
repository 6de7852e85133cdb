/** The words of a corpus that get a vector, and how often they are taken. */
import { AliasTable } from './alias_table.ts';

/** Sentences, each a list of words. A generator can be gone through once; what is gone through in every epoch is a function of it. */
export type Sentences =
  Iterable<readonly string[]> | AsyncIterable<readonly string[]> | (() => Sentences);

export interface WordCounts {
  /** The most frequent first; of equals, what came first. */
  readonly words: readonly string[];
  /** [words] */
  readonly counts: readonly number[];
  readonly index: ReadonlyMap<string, number>;
  /** Occurrences of these words. */
  readonly total: number;
  /** Of all words and where sentences end. */
  readonly checksum: number;
}

/** The sentences one by one. @throws where one is no list of words */
export async function* sentencesOf(corpus: Sentences): AsyncGenerator<readonly string[]> {
  let from = corpus;
  while (typeof from === 'function') from = from();
  for await (const sentence of from) {
    if (!Array.isArray(sentence))
      throw new Error(
        `trainWordVectors: expected sentences that are lists of words, got ${typeof sentence}; split them first, ` +
          'as textToWordSequence of gatefold/text does',
      );
    yield sentence as readonly string[];
  }
}

export async function countWords(
  corpus: Sentences,
  minCount: number,
  pause: () => Promise<void> | undefined,
): Promise<WordCounts> {
  const counts = new Map<string, number>();
  let checksum = 0;
  for await (const sentence of sentencesOf(corpus)) {
    for (const word of sentence) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
      checksum = mixed(checksum, word);
    }
    checksum = mixed(checksum, '');
    await pause();
  }
  const kept = [...counts].filter(([, count]) => count >= minCount).sort((a, b) => b[1] - a[1]);
  if (kept.length < 2)
    throw new Error(
      `trainWordVectors: expected two words or more that come ${minCount} times, got ${kept.length} of ` +
        `${counts.size} words; give a larger corpus, or a lower minCount`,
    );
  return {
    words: kept.map(([word]) => word),
    counts: kept.map(([, count]) => count),
    index: new Map(kept.map(([word], row) => [word, row])),
    total: kept.reduce((sum, [, count]) => sum + count, 0),
    checksum: checksum >>> 0,
  };
}

/** FNV-1a by characters; a word ends with what is none. */
function mixed(checksum: number, word: string): number {
  for (let i = 0; i < word.length; i++)
    checksum = Math.imul(checksum ^ word.charCodeAt(i), 0x01000193);
  return Math.imul(checksum ^ 0x10000, 0x01000193);
}

/** Random words for real ones, by their count to the power of 0.75. */
export function noiseTable({ counts }: Pick<WordCounts, 'counts'>): AliasTable {
  return new AliasTable(counts.map((count) => count ** 0.75));
}

/**
 * The probability with which each word is kept where it comes: (√(f / sample) + 1) · sample / f, at most 1, f its share of the
 * corpus: what word2vec's program and gensim do. (The paper, equation 5, has √(sample / f).) `sample` 0 keeps all.
 */
export function keepProbabilities(
  { counts, total }: Pick<WordCounts, 'counts' | 'total'>,
  sample: number,
): Float64Array {
  return Float64Array.from(counts, (count) => {
    const ratio = (sample * total) / count;
    return sample === 0 ? 1 : Math.min(1, Math.sqrt(ratio) + ratio);
  });
}
