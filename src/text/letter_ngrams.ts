/** Word hashing: a word as the letter n-grams in it, so that words with similar spelling have similar vectors. */
import { checkList, checkText, wholeNumber } from './checks.ts';
import type { TextArray } from './text_array.ts';
import { characterNGrams } from './ngrams.ts';
import { characters } from './unicode.ts';

/**
 * The letter n-grams of a word with a mark at both ends: `good` gives `#go`, `goo`, `ood`, `od#` (Huang et al., "Learning
 * deep structured semantic models for web search using clickthrough data", CIKM 2013, 3.2).
 *
 * @param boundary the mark; '' for none
 * @throws Error if the word is not a string, or n is not a whole number of at least 1
 */
export function letterNGrams(word: string, n = 3, boundary = '#'): string[] {
  return characterNGrams(`${boundary}${checkText('letterNGrams', word)}${boundary}`, n);
}

export interface WordHashingOptions {
  /** Letters in an n-gram; 3 by default. */
  n?: number;
  /** The mark at both ends of a word, `#` by default; '' for none. */
  boundary?: string;
  /** All letters; a to z by default. */
  alphabet?: string;
}

/**
 * Counts how often each letter n-gram occurs in each word. There is a dimension for every possible n-gram of the alphabet and
 * the mark, in alphabetical order: 27³ = 19 683 by default, 26³ = 17 576 without a mark.
 *
 * @returns [words, letters^n], and in `skipped` the number of n-grams left out because of a letter outside the alphabet
 * @throws Error if a word is not a string, or n is not a whole number of at least 1
 */
export function wordHashing(
  words: readonly string[],
  { n = 3, boundary = '#', alphabet = 'abcdefghijklmnopqrstuvwxyz' }: WordHashingOptions = {},
): TextArray<Float32Array> & { skipped: number } {
  wholeNumber('wordHashing: n', n, 1);
  checkList('wordHashing', words, 'word');
  const letters = [...new Set(characters(alphabet + boundary))];
  const places = new Map(letters.map((letter, k) => [letter, k]));
  const width = letters.length ** n;
  const data = new Float32Array(words.length * width);
  let skipped = 0;
  words.forEach((word, row) => {
    for (const gram of letterNGrams(word, n, boundary)) {
      const digits = characters(gram).map((letter) => places.get(letter));
      if (digits.includes(undefined)) skipped++;
      else data[row * width + digits.reduce<number>((k, d) => k * letters.length + d!, 0)]++;
    }
  });
  return { data, shape: [words.length, width], skipped };
}
