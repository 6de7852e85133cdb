/** Texts as ids of subwords, and back without loss. */
import { checkText, checkWords, idsOf } from './arrays.ts';
import type { Corpus } from './progress.ts';
import { buildSubwords } from './subword_build.ts';
import type { BuildOptions } from './subword_build.ts';
import { bytesOf, textOf } from './subword_bytes.ts';
import { vocabularyOf, vocabularyText } from './subword_file.ts';
import { longestMatches } from './subword_match.ts';
import { isMixed, plain, prepared, splitter, UNDERSCORE, unescaped } from './subword_tokens.ts';
import { detached, hasLoneSurrogate } from './unicode.ts';

const BYTES = 256;
/** Tokens whose ids are remembered; a corpus has few that are frequent, and these are short. */
const REMEMBERED = 2 ** 16;
const REMEMBERED_LENGTH = 32;

/**
 * The algorithm of `tfds.deprecated.text.SubwordTextEncoder` of TensorFlow Datasets: a text is cut into runs of letters
 * and of other characters, a single space counts to the run before it (`_` at the end of a subword), and each run is
 * matched greedily with the longest subwords. Characters that no subword has are given as the bytes of their UTF-8.
 *
 * Ids: 0 is padding, 1 to n are the subwords, n + 1 + b is the byte b.
 *
 * `decode(encode(text)) === text` for every string: half of a surrogate pair is given as the three bytes of its code point
 * (WTF-8). `tfds` gives the same ids but for three cases in which it does not return the text: after a `\&undsc` in the
 * text it doubles a space; a subword with part of an escaped underscore may match there (here none does); and of
 * reserved subwords that begin alike it takes any (here the longest). And it looks for a reserved subword with an underscore
 * in its escaped form, so that `<a_b>` is cut there and stays whole here.
 */
export class SubwordEncoder {
  readonly subwords: readonly string[];
  private readonly ids: ReadonlyMap<string, number>;
  private readonly longest: number;
  private readonly split: (text: string) => string[];
  private readonly remembered = new Map<string, readonly number[]>();

  /**
   * @param subwords in the order of their ids: `_` at the end is a space, and `\&undsc` an underscore. Those of letters
   *     and other characters (`<EOS>`) are reserved: a text is cut so that they stay whole
   * @throws Error where it is no list of strings, or one is there twice or has half of a surrogate pair
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

  /** Ids from 0 to this less one: padding, subwords and bytes. `inputDim` of an Embedding. */
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

  /** The text of ids. Padding (0) is left out, and bytes that make no character become U+FFFD. */
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
   * The vocabulary as the text of a file that `fromVocabulary` and `tfds` read. `tfds` reads it line by line: a subword with a
   * line feed is read by `fromVocabulary` alone.
   *
   * @throws Error where a subword has quotes around a line feed
   */
  toVocabulary(): string {
    return vocabularyText(this.subwords);
  }

  /** @param text of a vocabulary file (`.subwords`) of `tfds` @throws Error with the line where it is none */
  static fromVocabulary(text: string): SubwordEncoder {
    return new SubwordEncoder(vocabularyOf(text));
  }

  /**
   * An encoder for a corpus, which is read once: see `BuildOptions`. It has the subwords that `tfds` finds, but for two cases:
   * none has a part of an escaped underscore (`\&undsc`), and reserved tokens that are found again are not listed twice.
   *
   * @param targetVocabSize about how many ids there shall be, at least 258; within 1 % where the corpus has it
   * @throws Error at an option that is none, or where there is no text, or something else than a text
   */
  static async buildFromCorpus(
    corpus: Corpus,
    targetVocabSize: number,
    options: BuildOptions = {},
  ): Promise<SubwordEncoder> {
    return new SubwordEncoder(await buildSubwords(corpus, targetVocabSize, options));
  }

  private idsOf(token: string): readonly number[] {
    const known = this.remembered.get(token);
    if (known) return known;
    const parts = longestMatches(token, this.ids, this.longest);
    const ids = parts.flatMap((part) => this.idsOfPart(part));
    if (this.remembered.size >= REMEMBERED) this.remembered.clear();
    if (token.length <= REMEMBERED_LENGTH) this.remembered.set(detached(token), ids);
    return ids;
  }

  private idsOfPart(part: string): number[] {
    const byte = (value: number) => this.subwords.length + 1 + value;
    // As in tfds, even where the vocabulary has this subword.
    if (part === UNDERSCORE) return [byte('_'.charCodeAt(0))];
    const id = this.ids.get(part);
    if (id !== undefined) return [id];
    return part === '_' ? [byte(' '.charCodeAt(0))] : bytesOf(part).map(byte);
  }
}
