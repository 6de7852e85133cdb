/** Counts the words of a corpus, and derives from the counts how often each word is sampled. */
import { show } from '../options.ts';
import { AliasTable } from './alias_table.ts';

/** Sentences, each a list of words. A generator can be read only once: pass a function that returns a new one. */
export type Sentences =
  Iterable<readonly string[]> | AsyncIterable<readonly string[]> | (() => Sentences);

export interface WordCounts {
  /** The most frequent first; equally frequent ones in the order of their first occurrence. */
  readonly words: readonly string[];
  /** [words]: how often each one occurs. */
  readonly counts: readonly number[];
  readonly index: ReadonlyMap<string, number>;
  /** The sum of the counts. */
  readonly total: number;
  /** A checksum of all words and of where sentences end. */
  readonly checksum: number;
}

/** The sentences, one at a time. @throws Error if one is not a list of words */
export async function* sentencesOf(corpus: Sentences): AsyncGenerator<readonly string[]> {
  let from = corpus;
  while (typeof from === 'function') from = from();
  for await (const sentence of from) {
    if (!Array.isArray(sentence))
      throw new Error(
        `trainWordVectors: expected sentences that are lists of words, got ${show(sentence)}; split them first, ` +
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
      `trainWordVectors: expected two words or more that occur ${minCount} times, got ${kept.length} of ` +
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

/** FNV-1a over the characters of a word and an end mark that is no UTF-16 unit. */
function mixed(checksum: number, word: string): number {
  for (let i = 0; i < word.length; i++)
    checksum = Math.imul(checksum ^ word.charCodeAt(i), 0x01000193);
  return Math.imul(checksum ^ 0x10000, 0x01000193);
}

/** The distribution of random words: in proportion to their counts to the power of 0.75. */
export function noiseTable({ counts }: Pick<WordCounts, 'counts'>): AliasTable {
  return new AliasTable(counts.map((count) => count ** 0.75));
}

/**
 * The probability of keeping each occurrence of a word: (√(f / sample) + 1) · sample / f, at most 1, where f is the word's share
 * of the corpus. This is what word2vec's program and gensim compute; equation 5 of the paper is √(sample / f). `sample` 0 keeps
 * all words.
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
