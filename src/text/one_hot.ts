/** One-hot vectors of words. */
import { checkWords } from './checks.ts';
import { check, LIST, readOptions, sizeFor } from '../options.ts';
import type { TextArray } from './text_array.ts';

/** What `oneHot` does with unknown words. */
export interface OneHotOptions {
  /** Whether words outside the vocabulary get a dimension, the last one; true by default. With false they are an error. */
  other?: boolean;
}

/**
 * One-hot encoding: the vector of a word is 1 at its index in the vocabulary and 0 elsewhere; that of any other word is 1 in
 * the last dimension, "other". (The old `one_hot` of Keras is something else: see `hashingTrick`.)
 *
 * @param vocabulary distinct words, in the order of the dimensions
 * @returns [words, vocabulary + 1], or [words, vocabulary] without `other`
 * @throws Error if the vocabulary contains a word twice or, without `other`, does not contain a word
 */
export function oneHot(
  words: readonly string[],
  vocabulary: readonly string[],
  options: OneHotOptions = {},
): TextArray<Float32Array> {
  const { other } = readOptions('oneHot', options, { other: true });
  checkWords('oneHot: words', check('oneHot', 'words', words, LIST));
  checkWords('oneHot: vocabulary', check('oneHot', 'vocabulary', vocabulary, LIST));
  const places = new Map(vocabulary.map((word, k) => [word, k]));
  if (places.size < vocabulary.length) {
    const twice = vocabulary.find((word, k) => places.get(word) !== k);
    throw new Error(`oneHot: expected different words in the vocabulary, got '${twice}' twice`);
  }
  const width = vocabulary.length + (other ? 1 : 0);
  const data = new Float32Array(sizeFor('oneHot', words.length, width));
  words.forEach((word, row) => {
    const place = places.get(word) ?? (other ? vocabulary.length : undefined);
    if (place === undefined)
      throw new Error(
        `oneHot: expected words of the vocabulary, got '${word}' at ${row}; give { other: true } for a dimension of others`,
      );
    data[row * width + place] = 1;
  });
  return { data, shape: [words.length, width] };
}
