/** Encodes texts as ids of subwords, and decodes them without loss. */
import { checkText, checkWords, idsOf } from './checks.ts';
import type { Corpus } from './corpus.ts';
import { buildSubwords } from './subword_build.ts';
import type { BuildOptions } from './subword_build.ts';
import { bytesOf, textOf } from './subword_bytes.ts';
import { vocabularyOf, vocabularyText } from './subword_file.ts';
import {
  isMixed,
  longestMatches,
  plain,
  prepared,
  splitter,
  UNDERSCORE,
  unescaped,
} from './subword_tokens.ts';
import { detached, hasLoneSurrogate } from './unicode.ts';

const BYTES = 256;
/** How many tokens are cached, and how long they may be: few tokens of a corpus are frequent, and these are short. */
const CACHE_SIZE = 2 ** 16;
const CACHED_LENGTH = 32;

/**
 * The algorithm of `tfds.deprecated.text.SubwordTextEncoder` of TensorFlow Datasets. A text is split into runs of letters and
 * runs of other characters; a single space is appended to the run before it, as a `_` at its end; each run is split greedily
 * into the longest subwords that match. Characters that are in no subword are encoded as their UTF-8 bytes.
 *
 * Ids: 0 is padding, 1 to n are the subwords, n + 1 + b is the byte b.
 *
 * `decode(encode(text)) === text` for every string: half of a surrogate pair is encoded as the three bytes of its code point
 * (WTF-8). The ids equal those of `tfds` except in three cases in which `tfds` does not return the original text: after a
 * `\&undsc` in the text it doubles a space; there, a subword may match part of an escaped underscore (here none does); and of
 * reserved subwords with a common beginning it takes any (here the longest). It also searches for reserved subwords in their
 * escaped form, so that `<a_b>` is split there and stays whole here.
 */
export class SubwordEncoder {
  /** In the order of their ids, from 1 on. */
  readonly subwords: readonly string[];
  private readonly ids: ReadonlyMap<string, number>;
  private readonly longest: number;
  private readonly split: (text: string) => string[];
  private readonly cache = new Map<string, readonly number[]>();

  /**
   * @param subwords in the order of their ids: `_` at the end means a space, and `\&undsc` an underscore. Subwords that mix
   *     letters with other characters (`<EOS>`) are reserved: they are never split
   * @throws Error if it is not a list of strings, or a string occurs twice or contains half of a surrogate pair
   */
  constructor(subwords: readonly string[]) {
    this.subwords = checkWords('SubwordEncoder', subwords).filter((word) => word !== '');
    const ids = new Map<string, number>();
    for (const word of this.subwords) {
      if (ids.has(word) || hasLoneSurrogate(word))
        throw new Error(
          `SubwordEncoder: expected different subwords of whole characters, got ${JSON.stringify(word)}` +
            (ids.has(word) ? ' twice' : ''),
        );
      ids.set(word, ids.size + 1);
    }
    this.ids = ids;
    this.longest = this.subwords.reduce((most, { length }) => Math.max(most, length), 1);
    this.split = splitter(this.subwords.map(unescaped).filter(isMixed));
  }

  /** The number of ids: padding, subwords and bytes. The `inputDim` of an Embedding. */
  get vocabularySize(): number {
    return 1 + this.subwords.length + BYTES;
  }

  /** The ids of a text, none of them 0. */
  encode(text: string): number[] {
    checkText('SubwordEncoder.encode', text);
    const ids: number[] = [];
    for (const token of prepared(this.split(text)))
      for (const id of this.idsOf(token)) ids.push(id);
    return ids;
  }

  /** The text of ids. Padding (0) is skipped, and invalid bytes become U+FFFD. */
  decode(ids: ArrayLike<number>): string {
    let text = '';
    let bytes: number[] = [];
    const flush = () => {
      text += textOf(bytes);
      bytes = [];
    };
    for (const id of idsOf('SubwordEncoder.decode', ids)) {
      if (id >= this.vocabularySize)
        throw new Error(
          `SubwordEncoder.decode: expected ids below ${this.vocabularySize}, got ${id}`,
        );
      if (id === 0) continue;
      if (id > this.subwords.length) bytes.push(id - this.subwords.length - 1);
      else {
        flush();
        text += plain(this.subwords[id - 1]);
      }
    }
    flush();
    return text;
  }

  /**
   * The vocabulary in the format of a `.subwords` file, which `fromVocabulary` and `tfds` read. `tfds` reads line by line, so
   * only `fromVocabulary` reads a subword that contains a line feed.
   *
   * @throws Error if a subword has quotes around a line feed
   */
  toVocabulary(): string {
    return vocabularyText(this.subwords);
  }

  /** @param text contents of a vocabulary file (`.subwords`) of `tfds` @throws Error with the line if it is malformed */
  static fromVocabulary(text: string): SubwordEncoder {
    return new SubwordEncoder(vocabularyOf(text));
  }

  /**
   * Builds an encoder for a corpus, which is read once: see `BuildOptions`. It has the subwords that `tfds` finds, with two
   * exceptions: none contains part of an escaped underscore (`\&undsc`), and reserved tokens are never listed twice.
   *
   * @param targetVocabSize the number of ids wanted, at least 258; the result is within 1 % if the corpus allows it
   * @throws Error for an invalid option, or if the corpus is empty or contains anything but texts
   */
  static async buildFromCorpus(
    corpus: Corpus,
    targetVocabSize: number,
    options: BuildOptions = {},
  ): Promise<SubwordEncoder> {
    return new SubwordEncoder(await buildSubwords(corpus, targetVocabSize, options));
  }

  private idsOf(token: string): readonly number[] {
    const cached = this.cache.get(token);
    if (cached) return cached;
    const parts = longestMatches(token, this.ids, this.longest);
    const ids = parts.flatMap((part) => this.idsOfPart(part));
    if (this.cache.size >= CACHE_SIZE) this.cache.clear();
    if (token.length <= CACHED_LENGTH) this.cache.set(detached(token), ids);
    return ids;
  }

  private idsOfPart(part: string): number[] {
    const byte = (value: number) => this.subwords.length + 1 + value;
    // As in tfds, even if the vocabulary contains this subword.
    if (part === UNDERSCORE) return [byte('_'.charCodeAt(0))];
    const id = this.ids.get(part);
    if (id !== undefined) return [id];
    return part === '_' ? [byte(' '.charCodeAt(0))] : bytesOf(part).map(byte);
  }
}
