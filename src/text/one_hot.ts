/** Words as vectors with a single one. */
import type { TextArray } from './arrays.ts';

export interface OneHotOptions {
  /** Whether there is a last dimension for words that are not in the vocabulary (true); without it they are errors. */
  other?: boolean;
}

/**
 * 1-of-N encoding: the vector of a word is 1 at its place in the vocabulary and 0 elsewhere; that of any other word is 1 in
 * the last dimension, "other". (Keras' old `one_hot` is something else: see `hashingTrick`.)
 *
 * @param vocabulary different words, in the order of the dimensions
 * @returns [words, vocabulary + 1], without `other` [words, vocabulary]
 * @throws Error where a word is twice in the vocabulary, or not in it while there is no `other`
 */
export function oneHot(
  words: readonly string[],
  vocabulary: readonly string[],
  { other = true }: OneHotOptions = {},
): TextArray<Float32Array> {
  const places = new Map(vocabulary.map((word, k) => [word, k]));
  if (places.size < vocabulary.length) {
    const twice = vocabulary.find((word, k) => places.get(word) !== k);
    throw new Error(`oneHot: expected different words in the vocabulary, got '${twice}' twice`);
  }
  const width = vocabulary.length + (other ? 1 : 0);
  const data = new Float32Array(words.length * width);
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
