/** The hashing trick: word ids from a hash function instead of a vocabulary. */
import { CALLABLE, readOptions, show } from '../options.ts';
import { checkList, checkText, checkWords, sizeFor, wholeNumber } from './checks.ts';
import type { TextArray } from './text_array.ts';
import { md5 } from './md5.ts';
import { WORD_DEFAULTS, wordSplitter } from './word_sequence.ts';
import type { WordOptions } from './word_sequence.ts';

/** The hash function of `hashCollisions`. */
export interface HashOptions {
  /** Maps a word to a whole number, always the same one. MD5 by default, like Keras' `hash_function='md5'`. */
  hash?: ((word: string) => number) | null;
}
/** How `hashingTrick` and `oneHotHashing` split a text and hash its words. */
export interface HashingTrickOptions extends HashOptions, WordOptions {
  /** Splits the text into words, in place of `filters`, `lower` and `split`. */
  analyzer?: ((text: string) => string[]) | null;
}

/** The largest modulus for which 256 times a remainder plus a byte is still exact in float64. */
const MAX_MODULUS = 2 ** 45;

/** A function that hashes words to 0 … n - 1. */
function hasher(n: number, { hash }: Required<HashOptions>): (word: string) => number {
  if (hash)
    return (word) => {
      const value = hash(word);
      if (!Number.isSafeInteger(value))
        throw new Error(`hash: expected a whole number for '${word}', got ${show(value)}`);
      return ((value % n) + n) % n;
    };
  // The hash as one 128-bit number, most significant byte first.
  return (word) => md5(word).reduce((rest, byte) => (rest * 256 + byte) % n, 0);
}

const DEFAULTS: Required<HashingTrickOptions> = { ...WORD_DEFAULTS, hash: null, analyzer: null };
const MUST_BE = { hash: CALLABLE, analyzer: CALLABLE };

function wordsOf(text: string, options: typeof DEFAULTS): string[] {
  const words = (options.analyzer ?? wordSplitter(options))(checkText('hashing: text', text));
  return checkWords('hashing: result of analyzer', words);
}

/**
 * Ids for the words of a text, hash mod (n - 1) + 1, like Keras' `hashing_trick`: from 1 to n - 1, 0 is not used. Different
 * words may get the same id: `hashCollisions` counts them.
 *
 * @throws Error if n is not a whole number from 2 to 2^45, a hash is not a whole number, or the text is not a string
 */
export function hashingTrick(text: string, n: number, options: HashingTrickOptions = {}): number[] {
  const own = readOptions('hashingTrick', options, DEFAULTS, MUST_BE);
  const indexOf = hasher(wholeNumber('hashingTrick: n', n, 2, MAX_MODULUS) - 1, own);
  return wordsOf(text, own).map((word) => indexOf(word) + 1);
}

/** How many words share an id. */
export interface HashCollisions {
  /** Distinct words. */
  words: number;
  /** Distinct ids among theirs. */
  indices: number;
  /** Words whose id an earlier word has: words - indices. */
  collisions: number;
}

function collisionsOf(words: Iterable<string>, indexOf: (word: string) => number): HashCollisions {
  const different = new Set(words);
  const indices = new Set([...different].map(indexOf)).size;
  return { words: different.size, indices, collisions: different.size - indices };
}

/** Counts the words that share an id in `hashingTrick` with the same `n`. @throws Error as `hashingTrick` does */
export function hashCollisions(
  words: Iterable<string>,
  n: number,
  options: HashOptions = {},
): HashCollisions {
  const none: Required<HashOptions> = { hash: null };
  const own = readOptions('hashCollisions', options, none, MUST_BE);
  const indexOf = hasher(wholeNumber('hashCollisions: n', n, 2, MAX_MODULUS) - 1, own);
  const list = [...checkList('hashCollisions', words, 'word')];
  return collisionsOf(checkWords('hashCollisions', list), indexOf);
}

/**
 * One-hot hashing: a vector for each word of the text, with a 1 at hash mod `dimension` (Chollet, "Deep Learning with Python",
 * 2017, listing 6.4), and how many of the text's words collided.
 *
 * @returns [words, dimension]
 * @throws Error if the dimension is not a whole number from 1 to 2^45, a hash is not a whole number, or the text is not a string
 */
export function oneHotHashing(
  text: string,
  dimension: number,
  options: HashingTrickOptions = {},
): TextArray<Float32Array> & HashCollisions {
  const own = readOptions('oneHotHashing', options, DEFAULTS, MUST_BE);
  const indexOf = hasher(wholeNumber('oneHotHashing: dimension', dimension, 1, MAX_MODULUS), own);
  const words = wordsOf(text, own);
  const data = new Float32Array(sizeFor('oneHotHashing', words.length, dimension));
  words.forEach((word, row) => (data[row * dimension + indexOf(word)] = 1));
  return { data, shape: [words.length, dimension], ...collisionsOf(words, indexOf) };
}
