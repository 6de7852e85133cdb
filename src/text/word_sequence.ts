/** How `Tokenizer` and the hashing trick split a text into words. */

import { checkText } from './checks.ts';
import { readOptions } from '../options.ts';

/** The characters that Keras filters out by default: ASCII punctuation except the apostrophe, tab and line feed. */
export const FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n';

/** How a text is split into words. */
export interface WordOptions {
  /** Characters to replace with `split`; Keras' by default, which do not include the apostrophe. */
  filters?: string;
  /** Whether to convert the text to lower case first, all of Unicode; true by default. */
  lower?: boolean;
  /** The separator of words; a space by default. */
  split?: string;
}

export const WORD_DEFAULTS: Required<WordOptions> = { filters: FILTERS, lower: true, split: ' ' };

/** A function that splits texts into words; the options are compiled once. @throws Error if `split` is empty */
export function wordSplitter({
  filters,
  lower,
  split,
}: Required<WordOptions>): (text: string) => string[] {
  if (split === '') throw new Error("split: expected what is between words, as ' ', got ''");
  const escaped = filters.replace(/[\\\]^-]/g, '\\$&');
  const filtered = filters === '' ? null : new RegExp(`[${escaped}]`, 'gu');
  return (text) => {
    const lowered = lower ? text.toLowerCase() : text;
    const words = filtered ? lowered.replace(filtered, () => split) : lowered;
    return words.split(split).filter((word) => word !== '');
  };
}

/** The words of a text, like Keras' `text_to_word_sequence`: "I'm here, you?" gives i'm, here, you. */
export function textToWordSequence(text: string, options: WordOptions = {}): string[] {
  checkText('textToWordSequence: text', text);
  return wordSplitter(readOptions('textToWordSequence', options, WORD_DEFAULTS))(text);
}
