import { metrics } from '../../src/index.ts';

export interface Errors {
  /** Phonemes to insert, leave out or replace, for each phoneme of the right pronunciation. */
  readonly phonemes: number;
  /** The share of words that are wrong. */
  readonly words: number;
}

/** Against the best of the pronunciations of each word. */
export function errorsOf(
  spoken: readonly (readonly string[])[],
  right: readonly (readonly (readonly string[])[])[],
): Errors {
  let [wrong, total, words] = [0, 0, 0];
  spoken.forEach((phonemes, k) => {
    const distances = right[k].map((one) => metrics.editDistance(phonemes, one));
    const least = Math.min(...distances);
    wrong += least;
    total += right[k][distances.indexOf(least)].length;
    words += Number(least > 0);
  });
  return { phonemes: wrong / total, words: words / spoken.length };
}
