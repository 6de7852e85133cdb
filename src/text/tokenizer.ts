/** Numbers words by their frequency, like Keras' Tokenizer. */
import { CALLABLE, check, COUNT, isListOf, readOptions, TEXT } from '../options.ts';
import type { Check } from '../options.ts';
import { checkArray, checkList, checkText, checkWords, idsOf, oneOf, sizeFor } from './checks.ts';
import type { TextArray } from './text_array.ts';
import { countToken } from './token_counts.ts';
import { characters } from './unicode.ts';
import { WORD_DEFAULTS, wordSplitter } from './word_sequence.ts';
import type { WordOptions } from './word_sequence.ts';

/** How a `Tokenizer` splits texts, and which words it uses. */
export interface TokenizerOptions extends WordOptions {
  /**
   * Only the numWords - 1 most frequent words are used; the others are dropped or become the `oovToken`. null (default): all
   * words are used.
   */
  numWords?: number | null;
  /** Whether every character is a word; false by default. */
  charLevel?: boolean;
  /** Word 1, which replaces unknown words; null (default): they are dropped. */
  oovToken?: string | null;
  /** Splits texts into words, in place of `filters`, `lower` and `split`. */
  analyzer?: ((text: string) => string[]) | null;
}

const PAIRS: Check = ['a list of pairs', (value) => isListOf(value, Array.isArray)];

const MATRIX_MODES = ['binary', 'count', 'freq', 'tfidf'] as const;
/**
 * What an entry of `sequencesToMatrix` says of a word: whether it occurs, how often, its share of the text, or its
 * tf-idf.
 */
export type MatrixMode = (typeof MATRIX_MODES)[number];

/** A text, or its words if it has been split already. */
export type Words = string | readonly string[];

/** What is given, and the defaults. @inline */
type Settings = Required<TokenizerOptions>;
const DEFAULTS: Settings = {
  numWords: null,
  oovToken: null,
  charLevel: false,
  analyzer: null,
  ...WORD_DEFAULTS,
};

/** The options and counts of a tokenizer as JSON. */
export type TokenizerConfig = Omit<Settings, 'analyzer'> & {
  /** As `Tokenizer.documentCount`. */
  documentCount: number;
  /** As `Tokenizer.wordCounts`, in its order. */
  wordCounts: [word: string, count: number][];
  /** As `Tokenizer.wordDocs`. */
  wordDocs: [word: string, documents: number][];
  /** As `Tokenizer.indexDocs`. */
  indexDocs: [index: number, documents: number][];
};

/**
 * Like Keras' `Tokenizer`: words are numbered from 1 by descending frequency, equally frequent ones in the order of their
 * first occurrence; 0 is not used. As in Keras, `numWords` does not shorten `wordIndex`: it applies when texts are converted.
 */
export class Tokenizer {
  /** How often each word occurs, in the order of first occurrence. */
  readonly wordCounts = new Map<string, number>();
  /** In how many texts each word occurs. */
  readonly wordDocs = new Map<string, number>();
  /** In how many texts the word of each id occurs. */
  readonly indexDocs = new Map<number, number>();
  /** The id of each word, from 1. */
  readonly wordIndex = new Map<string, number>();
  /** The word of each id. */
  readonly indexWord = new Map<number, string>();
  /** Texts counted so far. */
  documentCount = 0;
  private readonly settings: Settings;
  private readonly split: (text: string) => string[];

  /** @throws Error if `numWords` is below 1 or `split` is empty */
  constructor(options: TokenizerOptions = {}) {
    const settings = readOptions('Tokenizer', options, DEFAULTS, {
      numWords: COUNT,
      oovToken: TEXT,
      analyzer: CALLABLE,
    });
    const { charLevel, analyzer, filters, lower, split } = settings;
    this.settings = settings;
    this.split = charLevel
      ? (text) => characters(lower ? text.toLowerCase() : text)
      : (analyzer ?? wordSplitter({ filters, lower, split }));
  }

  /**
   * Counts the words of texts, in addition to those counted before, and renumbers all words.
   *
   * @throws Error if it is not a list of texts or lists of words
   */
  fitOnTexts(texts: Iterable<Words>): void {
    for (const text of checkList('Tokenizer.fitOnTexts', texts, 'text')) {
      this.documentCount++;
      const words = this.wordsOf(text);
      for (const word of words) countToken(this.wordCounts, word);
      for (const word of new Set(words)) countToken(this.wordDocs, word);
    }
    this.number();
    for (const [word, documents] of this.wordDocs)
      this.indexDocs.set(this.wordIndex.get(word)!, documents);
  }

  /**
   * Counts in how many sequences each id occurs, as the mode `tfidf` needs, if there are ids but no texts.
   *
   * @throws Error if these are not lists of whole numbers of at least 0
   */
  fitOnSequences(sequences: Iterable<ArrayLike<number>>): void {
    const what = 'Tokenizer.fitOnSequences';
    for (const sequence of checkList(what, sequences, 'sequence')) {
      const indices = new Set(idsOf(what, sequence));
      this.documentCount++;
      for (const index of indices) this.indexDocs.set(index, (this.indexDocs.get(index) ?? 0) + 1);
    }
  }

  /** The ids of the words of each text. @throws Error as `fitOnTexts` does */
  textsToSequences(texts: Iterable<Words>): number[][] {
    return Array.from(checkList('Tokenizer.textsToSequences', texts, 'text'), (text) =>
      this.wordsOf(text)
        .map((word) => this.known(this.wordIndex.get(word)))
        .filter((id) => id !== null),
    );
  }

  /** The words of each sequence, joined by spaces. @throws Error if these are not lists of whole numbers of at least 0 */
  sequencesToTexts(sequences: Iterable<ArrayLike<number>>): string[] {
    const what = 'Tokenizer.sequencesToTexts';
    return Array.from(checkList(what, sequences, 'sequence'), (sequence) =>
      idsOf(what, sequence)
        .map((id) => this.known(this.indexWord.has(id) ? id : undefined))
        .filter((id) => id !== null)
        .map((id) => this.indexWord.get(id))
        .join(' '),
    );
  }

  /** A row for each text, [texts, numWords]: see `sequencesToMatrix`. */
  textsToMatrix(texts: Iterable<Words>, mode: MatrixMode = 'binary'): TextArray<Float32Array> {
    return this.sequencesToMatrix(this.textsToSequences(texts), mode);
  }

  /**
   * A matrix [texts, numWords]; without `numWords` it has one column more than there are words. `binary`: whether a word
   * occurs; `count`: how often; `freq`: its share of the text's words; `tfidf`: (1 + log count) · log(1 + N / (1 + n)), where n
   * of the N texts counted contain the word.
   *
   * @throws Error if these are not lists of whole numbers of at least 0, the mode is unknown, or no texts have been counted that
   *   it needs
   */
  sequencesToMatrix(
    sequences: readonly ArrayLike<number>[],
    mode: MatrixMode = 'binary',
  ): TextArray<Float32Array> {
    const { numWords } = this.settings;
    if (numWords === null && this.wordIndex.size === 0)
      throw new Error('Tokenizer: expected words or numWords; fitOnTexts first');
    oneOf('Tokenizer: mode', mode, MATRIX_MODES);
    if (mode === 'tfidf' && this.documentCount === 0)
      throw new Error("Tokenizer: mode 'tfidf' needs texts to weigh words by; fitOnTexts first");
    const what = 'Tokenizer.sequencesToMatrix';
    checkArray(what, sequences, 'sequence');
    const width = numWords ?? this.wordIndex.size + 1;
    const data = new Float32Array(sizeFor(what, sequences.length, width));
    sequences.forEach((sequence, row) => {
      const counts = new Map<number, number>();
      for (const word of idsOf(`${what}: sequence ${row}`, sequence))
        if (word < width) counts.set(word, (counts.get(word) ?? 0) + 1);
      for (const [word, count] of counts)
        data[row * width + word] = this.entry(mode, word, count, sequence.length);
    });
    return { data, shape: [sequences.length, width] };
  }

  /** Options and counts as JSON, without the analyzer. */
  getConfig(): TokenizerConfig {
    const { analyzer: _, ...settings } = this.settings;
    return {
      ...settings,
      documentCount: this.documentCount,
      wordCounts: [...this.wordCounts],
      wordDocs: [...this.wordDocs],
      indexDocs: [...this.indexDocs],
    };
  }

  /**
   * A tokenizer from what `getConfig` returned.
   *
   * @param analyzer the function that was given in the options, which no JSON can hold
   */
  static fromConfig(
    config: TokenizerConfig,
    analyzer: TokenizerOptions['analyzer'] = null,
  ): Tokenizer {
    const { documentCount, wordCounts, wordDocs, indexDocs, ...settings } = config;
    const tokenizer = new Tokenizer({ ...settings, analyzer });
    tokenizer.documentCount = documentCount;
    const pairs = { wordCounts, wordDocs, indexDocs };
    for (const [name, list] of Object.entries(pairs)) check('Tokenizer', name, list, PAIRS);
    for (const [word, count] of wordCounts) tokenizer.wordCounts.set(word, count);
    for (const [word, count] of wordDocs) tokenizer.wordDocs.set(word, count);
    for (const [index, documents] of indexDocs) tokenizer.indexDocs.set(index, documents);
    tokenizer.number();
    return tokenizer;
  }

  private wordsOf(text: Words): readonly string[] {
    if (typeof text === 'string')
      return checkWords('Tokenizer: result of analyzer', this.split(text));
    if (!Array.isArray(text)) checkText('Tokenizer', text);
    const words: readonly string[] = checkWords('Tokenizer', text);
    return this.settings.lower ? words.map((word) => word.toLowerCase()) : words;
  }

  /** The entry of a matrix for a word that occurs `count` times in a text of `length` words. */
  private entry(mode: MatrixMode, word: number, count: number, length: number): number {
    if (mode === 'binary') return 1;
    if (mode === 'count') return count;
    if (mode === 'freq') return count / length;
    const idf = Math.log(1 + this.documentCount / (1 + (this.indexDocs.get(word) ?? 0)));
    return (1 + Math.log(count)) * idf;
  }

  private number(): void {
    const { oovToken } = this.settings;
    const sorted = [...this.wordCounts].sort(([, m], [, n]) => n - m).map(([word]) => word);
    const words = oovToken === null ? sorted : [oovToken, ...sorted.filter((w) => w !== oovToken)];
    this.wordIndex.clear();
    this.indexWord.clear();
    words.forEach((word, k) => {
      this.wordIndex.set(word, k + 1);
      this.indexWord.set(k + 1, word);
    });
  }

  /** The id to use for a word: its own, that of the `oovToken`, or null. */
  private known(index: number | undefined): number | null {
    const { numWords, oovToken } = this.settings;
    if (index !== undefined && (numWords === null || index < numWords)) return index;
    return oovToken === null ? null : (this.wordIndex.get(oovToken) ?? null);
  }
}
