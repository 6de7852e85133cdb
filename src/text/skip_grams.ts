/** Skip-gram pairs, from which word vectors are learned. */
import { check, NOT_NEGATIVE, POSITIVE, readOptions, WHOLE } from '../options.ts';
import { Random } from '../random.ts';
import { idsOf, sizeFor, wholeNumber } from './checks.ts';
import type { TextArray } from './text_array.ts';

/** Which pairs `skipGrams` makes. */
export interface SkipGramsOptions {
  /** How many words to each side of a word form a pair with it; 4 by default. */
  windowSize?: number;
  /** Random pairs per real pair; 1 by default, 0 for none. */
  negativeSamples?: number;
  /** Whether to shuffle all pairs, the default; otherwise the real ones come first, in the order of the text. */
  shuffle?: boolean;
  /** Whether labels are [0, 1] for a real pair and [1, 0] for a random one; by default they are 1 and 0. */
  categorical?: boolean;
  /** The probability, by word rank, of using a word as the first of a pair: see `makeSamplingTable`. */
  samplingTable?: ArrayLike<number> | null;
  /** The same seed gives the same pairs; by default they differ in every call. */
  seed?: number | null;
}
const DEFAULTS: Required<SkipGramsOptions> = {
  windowSize: 4,
  negativeSamples: 1,
  shuffle: true,
  categorical: false,
  samplingTable: null,
  seed: null,
};

/** Pairs of words, and whether each is real. */
export interface SkipGrams {
  /** A word, and another from its window or a random one: [pairs, 2]. */
  couples: TextArray<Int32Array>;
  /** 1 for a real pair, else 0: [pairs], or [pairs, 2] if categorical. */
  labels: TextArray<Int32Array>;
}

/**
 * Like Keras' `skipgrams`: pairs each word of a sequence with each other word in its window (label 1), and `negativeSamples`
 * times as often such a first word with a random one from 1 to vocabularySize - 1 (label 0) (Mikolov et al., "Distributed
 * representations of words and phrases", 2013). A random word may happen to be in the window. Id 0 is padding and is skipped.
 * In Keras the seed only determines the order; here it determines everything that is random.
 *
 * @throws Error if an id is not a whole number from 0 to vocabularySize - 1
 */
export function skipGrams(
  sequence: ArrayLike<number>,
  vocabularySize: number,
  options: SkipGramsOptions = {},
): SkipGrams {
  const { windowSize, negativeSamples, shuffle, categorical, samplingTable, seed } = readOptions(
    'skipGrams',
    options,
    DEFAULTS,
    { windowSize: WHOLE, negativeSamples: NOT_NEGATIVE, seed: WHOLE },
  );
  wholeNumber('skipGrams: vocabularySize', vocabularySize, 2);
  const limit = Math.min(vocabularySize, samplingTable?.length ?? Infinity);
  for (const id of idsOf('skipGrams', sequence))
    if (id >= limit)
      throw new Error(
        `skipGrams: expected ids below ${limit}, got ${id}; vocabularySize is the largest id and one, and a ` +
          'samplingTable has that many entries',
      );
  const random = new Random(seed ?? Math.floor(Math.random() * 2 ** 32));

  const couples = windows(sequence, windowSize, (id) => {
    return samplingTable === null || samplingTable[id] >= random.uniform();
  });
  const real = couples.length;
  sizeFor('skipGrams', real, 1 + negativeSamples);
  const firsts = random.shuffle(couples.map(([first]) => first));
  for (let k = 0; k < Math.trunc(real * negativeSamples); k++)
    couples.push([firsts[k % real], 1 + random.integer(vocabularySize - 1)]);

  const order = couples.map((_, k) => k);
  if (shuffle) random.shuffle(order);
  const labels = order.flatMap((k) => {
    const label = k < real ? 1 : 0;
    return categorical ? [1 - label, label] : [label];
  });
  return {
    couples: {
      data: Int32Array.from(order.flatMap((k) => couples[k])),
      shape: [couples.length, 2],
    },
    labels: {
      data: Int32Array.from(labels),
      shape: categorical ? [couples.length, 2] : [couples.length],
    },
  };
}

/** Each word that `taken` accepts, paired with each other word in its window. */
function windows(
  sequence: ArrayLike<number>,
  size: number,
  taken: (id: number) => boolean,
): [number, number][] {
  const couples: [number, number][] = [];
  for (let i = 0; i < sequence.length; i++) {
    if (sequence[i] === 0 || !taken(sequence[i])) continue;
    const end = Math.min(sequence.length, i + size + 1);
    for (let j = Math.max(0, i - size); j < end; j++)
      if (j !== i && sequence[j] !== 0) couples.push([sequence[i], sequence[j]]);
  }
  return couples;
}

/**
 * The probability of keeping a word by its rank, so that frequent words are subsampled: min(1, √(t / f)), where t is the
 * sampling factor and f(rank) = 1 / (rank (log rank + 0.577) + 1/2 - 1 / (12 rank)) follows Zipf's law; rank 0 is treated as
 * rank 1. Like Keras' `make_sampling_table`.
 */
export function makeSamplingTable(size: number, samplingFactor = 1e-5): Float32Array {
  wholeNumber('makeSamplingTable: size', size, 1);
  check('makeSamplingTable', 'samplingFactor', samplingFactor, POSITIVE);
  return Float32Array.from({ length: sizeFor('makeSamplingTable', size, 1) }, (_, k) => {
    const rank = Math.max(1, k);
    const inverse = rank * (Math.log(rank) + 0.577) + 0.5 - 1 / (12 * rank);
    return Math.min(1, Math.sqrt(samplingFactor * inverse));
  });
}
