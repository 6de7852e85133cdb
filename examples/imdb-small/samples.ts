import { padSequences, Tokenizer } from '../../src/text/index.ts';
import type { Sample } from '../imdb/batches.ts';
import type { Labelled } from '../sentiment/sentences.ts';
import { WORDS } from './network.ts';
import type { Variant } from './network.ts';

/** Reviews as word ids by frequency, without the rare words that the variants do not read. */
export class Corpus {
  readonly tokenizer = new Tokenizer({ numWords: WORDS });
  private readonly sequences: readonly number[][];
  private readonly labels: readonly number[];

  constructor(reviews: readonly Labelled[]) {
    const texts = reviews.map(({ text }) => text);
    this.tokenizer.fitOnTexts(texts);
    this.sequences = this.tokenizer.textsToSequences(texts);
    this.labels = reviews.map(({ label }) => label);
  }

  /** The words in the order of their ids, as far as the variants read them; '' for ids without a word. */
  get vocabulary(): string[] {
    const { indexWord } = this.tokenizer;
    return Array.from({ length: WORDS }, (_, index) => indexWord.get(index) ?? '');
  }

  /** The last words of every review, padded at the beginning if the variant needs a fixed length. */
  samples({ steps, padded }: Variant): Sample[] {
    return this.sequences.map((ids, row) => {
      const y = this.labels[row];
      if (padded) return { x: padSequences([ids], { maxlen: steps }).data, y };
      // A review that has only rare words becomes one step of padding.
      return { x: Int32Array.from(ids.length > 0 ? ids.slice(-steps) : [0]), y };
    });
  }
}
