/** N-grams of words and of characters, and word hashing: words of similar spelling get similar vectors. */
import { readOptions } from '../options.ts';
import { checkArray, checkText, checkWords, sizeFor, wholeNumber } from './checks.ts';
import type { TextArray } from './text_array.ts';
import { characters } from './unicode.ts';

/** All sequences of `width` neighbouring items, joined. */
function runs(items: readonly string[], width: number, separator: string): string[] {
  const count = Math.max(0, items.length - width + 1);
  return Array.from({ length: count }, (_, i) => items.slice(i, i + width).join(separator));
}

function checkWidths(what: string, widths: readonly number[]): readonly number[] {
  if (!Array.isArray(widths)) wholeNumber(what, widths, 1);
  if (widths.length === 0) throw new Error(`${what}: expected at least one width, got []`);
  for (const width of widths) wholeNumber(`${what}: width`, width, 1);
  return widths;
}

/** A text of n words has up to n² / 2 n-grams of all widths: with wide ones, a short text fills the memory. */
const MOST_WIDTHS = 100;

/** The `ngrams` option of Keras' TextVectorization as a list of widths: `3` is 1, 2 and 3; a list stays as it is. */
export function widthsUpTo(what: string, n: number | readonly number[]): readonly number[] {
  if (typeof n !== 'number') return checkWidths(what, n);
  return Array.from({ length: wholeNumber(what, n, 1, MOST_WIDTHS) }, (_, i) => i + 1);
}

/**
 * All n-grams of neighbouring tokens: `ngrams(['the', 'cat', 'sat'], 2)` is `['the cat', 'cat sat']`. For a list of widths,
 * the n-grams of each follow those of the one before. A list shorter than a width has no n-grams of it. Like
 * `tf.strings.ngrams`.
 *
 * @throws Error if a width is not a whole number of at least 1, there is none, or the tokens are not a list
 */
export function ngrams(
  tokens: readonly string[],
  width: number | readonly number[],
  separator = ' ',
): string[] {
  const widths = checkWidths('ngrams', typeof width === 'number' ? [width] : width);
  checkWords('ngrams', checkArray('ngrams', tokens, 'token'));
  checkText('ngrams: separator', separator);
  return widths.flatMap((one) => runs(tokens, one, separator));
}

/**
 * All n-grams of neighbouring characters (code points): `characterNGrams('cats', 3)` is `['cat', 'ats']`.
 *
 * @throws Error as `ngrams` does, or if the text is not a string
 */
export function characterNGrams(text: string, width: number | readonly number[]): string[] {
  return ngrams(characters(checkText('characterNGrams', text)), width, '');
}

/**
 * Counts the n-grams of up to `n` tokens: a bag of 2-grams contains words and pairs (Chollet, "Deep Learning with Python",
 * 2017, 6.1). For a list of widths, only n-grams of these widths.
 *
 * @throws Error as `ngrams` does
 */
export function bagOfNGrams(
  tokens: readonly string[],
  n: number | readonly number[],
  separator = ' ',
): Map<string, number> {
  const bag = new Map<string, number>();
  for (const gram of ngrams(tokens, widthsUpTo('bagOfNGrams', n), separator))
    bag.set(gram, (bag.get(gram) ?? 0) + 1);
  return bag;
}

/**
 * The letter n-grams of a word with a mark at both ends: `good` gives `#go`, `goo`, `ood`, `od#` (Huang et al., "Learning
 * deep structured semantic models for web search using clickthrough data", CIKM 2013, 3.2).
 *
 * @param boundary the mark; '' for none
 * @throws Error if the word is not a string, or n is not a whole number of at least 1
 */
export function letterNGrams(word: string, n = 3, boundary = '#'): string[] {
  const mark = checkText('letterNGrams: boundary', boundary);
  return characterNGrams(mark + checkText('letterNGrams', word) + mark, n);
}

/** Which letter n-grams `wordHashing` counts. */
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
  options: WordHashingOptions = {},
): TextArray<Float32Array> & { skipped: number } {
  const defaults = { n: 3, boundary: '#', alphabet: 'abcdefghijklmnopqrstuvwxyz' };
  const { n, boundary, alphabet } = readOptions('wordHashing', options, defaults);
  wholeNumber('wordHashing: n', n, 1);
  checkArray('wordHashing', words, 'word');
  const letters = [...new Set(characters(alphabet + boundary))];
  const places = new Map(letters.map((letter, k) => [letter, k]));
  const width = letters.length ** n;
  const data = new Float32Array(sizeFor('wordHashing', words.length, width));
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
