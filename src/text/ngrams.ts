/** N-grams of words and of characters. */
import { checkList, checkText, wholeNumber } from './checks.ts';
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

/** The `ngrams` option of Keras' TextVectorization as a list of widths: `3` is 1, 2 and 3; a list stays as it is. */
export function widthsUpTo(what: string, n: number | readonly number[]): readonly number[] {
  if (typeof n !== 'number') return checkWidths(what, n);
  return Array.from({ length: wholeNumber(what, n, 1) }, (_, i) => i + 1);
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
  checkList('ngrams', tokens, 'token');
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
