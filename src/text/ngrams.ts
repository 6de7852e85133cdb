/** N-grams of words and of characters. */
import { checkList, checkText, wholeNumber } from './arrays.ts';
import { characters } from './unicode.ts';

/** All runs of `width` neighbours. */
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

/** A width as Keras' TextVectorization and bags take it: `3` is 1, 2 and 3; a list is what it says. */
export function widthsUpTo(what: string, n: number | readonly number[]): readonly number[] {
  if (typeof n !== 'number') return checkWidths(what, n);
  return Array.from({ length: wholeNumber(what, n, 1) }, (_, i) => i + 1);
}

/**
 * Runs of `width` neighbouring tokens, joined: `ngrams(['the', 'cat', 'sat'], 2)` is `['the cat', 'cat sat']`. Several
 * widths follow one another in the order given. A list shorter than a width has no n-grams of it. As `tf.strings.ngrams`.
 *
 * @throws Error where a width is no whole number of at least 1, there is none, or the tokens are no list
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
 * Runs of `width` neighbouring characters (code points): `characterNGrams('cats', 3)` is `['cat', 'ats']`.
 *
 * @throws Error as `ngrams`, or where the text is no string
 */
export function characterNGrams(text: string, width: number | readonly number[]): string[] {
  return ngrams(characters(checkText('characterNGrams', text)), width, '');
}

/**
 * How often each n-gram of `n` or fewer tokens occurs, in the order of n-grams: a bag-of-2-grams has the words and the
 * pairs (Chollet, "Deep Learning with Python", 2017, 6.1). A list of widths has those alone.
 *
 * @throws Error as `ngrams`
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
