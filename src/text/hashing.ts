/** Words by a hash instead of a vocabulary. */
import { checkList, checkText, checkWords, wholeNumber } from './arrays.ts';
import type { TextArray } from './arrays.ts';
import { md5 } from './md5.ts';
import { wordSplitter } from './word_sequence.ts';
import type { WordOptions } from './word_sequence.ts';

export interface HashOptions {
  /** A whole number for a word, the same each time. MD5 by default, as Keras' `hash_function='md5'`. */
  hash?: ((word: string) => number) | null;
}
export interface HashingTrickOptions extends HashOptions, WordOptions {
  /** Cuts the text into words instead of `filters`, `lower` and `split`. */
  analyzer?: ((text: string) => string[]) | null;
}

/** 256 times a remainder and a byte more is exact up to here. */
const MOST = 2 ** 45;

/** A function that gives words numbers from 0 to n - 1. */
function hasher(n: number, { hash = null }: HashOptions): (word: string) => number {
  if (hash)
    return (word) => {
      const value = hash(word);
      if (!Number.isSafeInteger(value))
        throw new Error(`hash: expected a whole number for '${word}', got ${value}`);
      return ((value % n) + n) % n;
    };
  // The hash as one number of 128 bits, the first byte the highest.
  return (word) => md5(word).reduce((rest, byte) => (rest * 256 + byte) % n, 0);
}

function wordsOf(text: string, options: HashingTrickOptions): string[] {
  const words = (options.analyzer ?? wordSplitter(options))(checkText('hashing: text', text));
  return checkWords('hashing: result of analyzer', words);
}

/**
 * Numbers from 1 to n - 1 for the words of a text, hash mod (n - 1) + 1, as Keras' `hashing_trick`; 0 is nobody's. Different
 * words may share a number: `hashCollisions` counts them.
 *
 * @throws Error where n is no whole number from 2 to 2^45, a hash no whole number, or the text no string
 */
export function hashingTrick(text: string, n: number, options: HashingTrickOptions = {}): number[] {
  const indexOf = hasher(wholeNumber('hashingTrick: n', n, 2, MOST) - 1, options);
  return wordsOf(text, options).map((word) => indexOf(word) + 1);
}

export interface HashCollisions {
  /** Different words. */
  words: number;
  /** Different numbers that they got. */
  indices: number;
  /** Words whose number another word had before: words - indices. */
  collisions: number;
}

function collisionsOf(words: Iterable<string>, indexOf: (word: string) => number): HashCollisions {
  const different = new Set(words);
  const indices = new Set([...different].map(indexOf)).size;
  return { words: different.size, indices, collisions: different.size - indices };
}

/** How many of the words have to share numbers in `hashingTrick` with that `n`. @throws Error as `hashingTrick` */
export function hashCollisions(
  words: Iterable<string>,
  n: number,
  options: HashOptions = {},
): HashCollisions {
  const indexOf = hasher(wholeNumber('hashCollisions: n', n, 2, MOST) - 1, options);
  return collisionsOf(checkList('hashCollisions', words, 'word'), indexOf);
}

/**
 * The one-hot hashing trick: a vector a word of the text, 1 at hash mod `dimension` (Chollet, "Deep Learning with Python",
 * 2017, listing 6.4), and how many of the text's words collided.
 *
 * @returns [words, dimension]
 * @throws Error where the dimension is no whole number from 1 to 2^45, a hash no whole number, or the text no string
 */
export function oneHotHashing(
  text: string,
  dimension: number,
  options: HashingTrickOptions = {},
): TextArray<Float32Array> & HashCollisions {
  const indexOf = hasher(wholeNumber('oneHotHashing: dimension', dimension, 1, MOST), options);
  const words = wordsOf(text, options);
  const data = new Float32Array(words.length * dimension);
  words.forEach((word, row) => (data[row * dimension + indexOf(word)] = 1));
  return { data, shape: [words.length, dimension], ...collisionsOf(words, indexOf) };
}
