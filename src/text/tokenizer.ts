/** Words by their rank, as Keras' Tokenizer numbers them. */
import { checkList, checkText, checkWords, idsOf, wholeNumber } from './arrays.ts';
import type { TextArray } from './arrays.ts';
import { countToken } from './token_counts.ts';
import { matrixOf } from './tokenizer_matrix.ts';
import type { Documents, MatrixMode } from './tokenizer_matrix.ts';
import type { Settings, TokenizerConfig, TokenizerOptions, Words } from './tokenizer_options.ts';
import { characters } from './unicode.ts';
import { FILTERS, wordSplitter } from './word_sequence.ts';

/**
 * Keras' `Tokenizer`: words are numbered from 1 by frequency, equally frequent ones in the order in which they were first
 * seen; 0 is nobody's. Note that `numWords` does not shorten `wordIndex`: it is applied when texts are read, as in Keras.
 */
export class Tokenizer implements Documents {
  readonly wordCounts = new Map<string, number>();
  /** In how many texts a word occurs. */
  readonly wordDocs = new Map<string, number>();
  readonly indexDocs = new Map<number, number>();
  readonly wordIndex = new Map<string, number>();
  readonly indexWord = new Map<number, string>();
  documentCount = 0;
  private readonly settings: Settings;
  private readonly split: (text: string) => string[];

  /** @throws Error at a numWords below 1, or an empty `split` */
  constructor(options: TokenizerOptions = {}) {
    const { numWords = null, oovToken = null, charLevel = false, analyzer = null } = options;
    const { filters = FILTERS, lower = true, split = ' ' } = options;
    if (numWords !== null) wholeNumber('Tokenizer: numWords', numWords, 1);
    this.settings = { numWords, oovToken, charLevel, analyzer, filters, lower, split };
    this.split = charLevel
      ? (text) => characters(lower ? text.toLowerCase() : text)
      : (analyzer ?? wordSplitter({ filters, lower, split }));
  }

  /**
   * Counts the words of texts, in addition to those counted before, and numbers them anew.
   *
   * @throws Error where it is no list, or has something else than texts or lists of words
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
   * Counts in how many of the sequences each number occurs: what `tfidf` needs where there are no texts.
   *
   * @throws Error where these are no lists of whole numbers of at least 0
   */
  fitOnSequences(sequences: Iterable<ArrayLike<number>>): void {
    const what = 'Tokenizer.fitOnSequences';
    for (const sequence of checkList(what, sequences, 'sequence')) {
      const indices = new Set(idsOf(what, sequence));
      this.documentCount++;
      for (const index of indices) this.indexDocs.set(index, (this.indexDocs.get(index) ?? 0) + 1);
    }
  }

  /** The numbers of each text's words. @throws Error as `fitOnTexts` */
  textsToSequences(texts: Iterable<Words>): number[][] {
    return Array.from(checkList('Tokenizer.textsToSequences', texts, 'text'), (text) =>
      this.wordsOf(text)
        .map((word) => this.known(this.wordIndex.get(word)))
        .filter((id) => id !== null),
    );
  }

  /** The words of each sequence, with a space between. @throws Error where these are no lists of whole numbers of at least 0 */
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

  /** See `sequencesToMatrix`. */
  textsToMatrix(texts: Iterable<Words>, mode: MatrixMode = 'binary'): TextArray<Float32Array> {
    return this.sequencesToMatrix(this.textsToSequences(texts), mode);
  }

  /**
   * [texts, numWords], or as many columns as words and one. `binary`: whether a word is there; `count`: how often; `freq`: as a
   * share of the text's words; `tfidf`: (1 + log count) · log(1 + N / (1 + n)), N texts fitted, n of them with the word.
   *
   * @throws Error where these are no lists of whole numbers of at least 0, the mode is none, or nothing was fitted that it needs
   */
  sequencesToMatrix(
    sequences: readonly ArrayLike<number>[],
    mode: MatrixMode = 'binary',
  ): TextArray<Float32Array> {
    const { numWords } = this.settings;
    if (numWords === null && this.wordIndex.size === 0)
      throw new Error('Tokenizer: expected words or numWords; fitOnTexts first');
    return matrixOf(sequences, numWords ?? this.wordIndex.size + 1, mode, this);
  }

  /** Everything but the analyzer, as JSON. */
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

  static fromConfig(
    config: TokenizerConfig,
    analyzer: TokenizerOptions['analyzer'] = null,
  ): Tokenizer {
    const tokenizer = new Tokenizer({ ...config, analyzer });
    tokenizer.documentCount = config.documentCount;
    for (const name of ['wordCounts', 'wordDocs'] as const)
      for (const [word, count] of config[name]) tokenizer[name].set(word, count);
    for (const [index, documents] of config.indexDocs) tokenizer.indexDocs.set(index, documents);
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

  /** The number that is used for a word: its own, that of the oovToken, or none. */
  private known(index: number | undefined): number | null {
    const { numWords, oovToken } = this.settings;
    if (index !== undefined && (numWords === null || index < numWords)) return index;
    return oovToken === null ? null : (this.wordIndex.get(oovToken) ?? null);
  }
}
