/** Word hashing: a word by the letter n-grams in it, so that words that are spelled alike are near. */
import { checkList, checkText, wholeNumber } from './arrays.ts';
import type { TextArray } from './arrays.ts';
import { characterNGrams } from './ngrams.ts';
import { characters } from './unicode.ts';

/**
 * The letter n-grams of a word with a mark at both ends: `good` has `#go`, `goo`, `ood`, `od#` (Huang et al., "Learning
 * deep structured semantic models for web search using clickthrough data", CIKM 2013, 3.2).
 *
 * @param boundary the mark; '' for none
 * @throws Error where the word is no string, or n no whole number of at least 1
 */
export function letterNGrams(word: string, n = 3, boundary = '#'): string[] {
  return characterNGrams(`${boundary}${checkText('letterNGrams', word)}${boundary}`, n);
}

export interface WordHashingOptions {
  /** Letters of an n-gram, 3 by default. */
  n?: number;
  /** The mark at both ends, `#` by default; '' for none. */
  boundary?: string;
  /** The letters that there are, a to z by default. */
  alphabet?: string;
}

/**
 * Vectors with how often each letter n-gram occurs in a word: a dimension for each n-gram of the alphabet and the mark, in
 * their order, 27³ = 19 683 by default and 26³ = 17 576 without a mark.
 *
 * @returns [words, letters^n]; and `skipped`, how many n-grams had a letter outside the alphabet and were left out
 * @throws Error where a word is no string, or n no whole number of at least 1
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
