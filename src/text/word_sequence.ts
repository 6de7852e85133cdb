/** How `Tokenizer` and the hashing trick cut a text into words. */

/** What Keras takes for no part of a word: the ASCII punctuation but for the apostrophe, tab and line feed. */
export const FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n';

export interface WordOptions {
  /** Characters that are taken for `split`; Keras' by default, which leave the apostrophe. */
  filters?: string;
  /** Whether to lower the text first (true), all of Unicode. */
  lower?: boolean;
  /** What is between words, a space by default. */
  split?: string;
}

/** A function that cuts texts into words: what the options mean is worked out once. @throws where `split` is empty */
export function wordSplitter(options: WordOptions = {}): (text: string) => string[] {
  const { filters = FILTERS, lower = true, split = ' ' } = options;
  if (split === '') throw new Error("split: expected what is between words, as ' ', got ''");
  const escaped = filters.replace(/[\\\]^-]/g, '\\$&');
  const filtered = filters === '' ? null : new RegExp(`[${escaped}]`, 'gu');
  return (text) => {
    const lowered = lower ? text.toLowerCase() : text;
    const words = filtered ? lowered.replace(filtered, () => split) : lowered;
    return words.split(split).filter((word) => word !== '');
  };
}

/** The words of a text, as Keras' `text_to_word_sequence`: "I'm here, you?" is i'm, here, you. */
export function textToWordSequence(text: string, options: WordOptions = {}): string[] {
  return wordSplitter(options)(text);
}
