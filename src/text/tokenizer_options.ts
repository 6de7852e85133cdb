/** What a `Tokenizer` is made with, and what is kept of it. */
import type { WordOptions } from './word_sequence.ts';

export interface TokenizerOptions extends WordOptions {
  /** Numbers from this on are left out or become the `oovToken`: the numWords - 1 most frequent words stay. Null: all. */
  numWords?: number | null;
  /** Whether every character is a word. */
  charLevel?: boolean;
  /** Word 1, which stands for words that are not known; null (default): these are left out. */
  oovToken?: string | null;
  /** Cuts texts into words instead of `filters`, `lower` and `split`. */
  analyzer?: ((text: string) => string[]) | null;
}

/** A text, or its words where something else has cut it. */
export type Words = string | readonly string[];

export type Settings = Required<TokenizerOptions>;
export type TokenizerConfig = Omit<Settings, 'analyzer'> & {
  documentCount: number;
  wordCounts: [word: string, count: number][];
  wordDocs: [word: string, documents: number][];
  indexDocs: [index: number, documents: number][];
};
