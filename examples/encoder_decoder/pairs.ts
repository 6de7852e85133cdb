// Sequences with what they become, and the batches that a network learns them from.
import { Dataset } from '../../src/data/index.ts';
import { teacherForcing } from '../../src/text/index.ts';
import { crc32 } from '../crc32.ts';
import { stepsOf } from '../imdb/batches.ts';
import { START, STOP } from './vocabulary.ts';
import type { Vocabularies } from './vocabulary.ts';

export interface Pair {
  readonly source: readonly string[];
  /** All that are right. */
  readonly targets: readonly (readonly string[])[];
}

/** Pairs apart: no source of one part is in another. */
export interface Corpus {
  readonly train: readonly Pair[];
  /** To watch the training by. */
  readonly dev: readonly Pair[];
  readonly test: readonly Pair[];
}

/**
 * Holds out one source in `every`, by the checksum of its tokens, so that a pair stays on its side whatever else is in the data. Of the others
 * one in `watched` is watched.
 *
 * @param separator between the tokens in the text whose checksum decides
 */
export function splitPairs(
  pairs: readonly Pair[],
  { every, watched, separator }: { every: number; watched: number; separator: string },
): Corpus {
  const isTest = ({ source }: Pair): boolean => crc32(source.join(separator)) % every === 0;
  const others = pairs.filter((pair) => !isTest(pair));
  const parts = {
    train: others.filter((_, i) => i % watched > 0),
    dev: others.filter((_, i) => i % watched === 0),
    test: pairs.filter(isTest),
  };
  if (parts.train.length === 0 || parts.test.length === 0)
    throw new Error(
      `--data: expected sequences to learn and to hold out, got ${pairs.length} different ones; give at least a hundred`,
    );
  return parts;
}

export interface Batching {
  readonly seed: number;
  readonly batchSize: number;
}

/** Sources of so many lengths share a batch. */
const WIDTH = 3;

interface Sample {
  readonly x: { readonly source: Int32Array; readonly target: Int32Array };
  readonly y: Int32Array;
}

/** A sample for each source and target: the decoder is given the target from its start token on, and is asked for it up to its stop token. */
function samplesOf(pairs: readonly Pair[], { source, target }: Vocabularies): Sample[] {
  return pairs.flatMap((pair) => {
    const from = source.encode(pair.source);
    return pair.targets.map((tokens) => {
      const ids = [target.encode(tokens)];
      const shifted = teacherForcing(ids, { startToken: START, stopToken: STOP });
      return { x: { source: from, target: shifted.inputs.data }, y: shifted.targets.data };
    });
  });
}

/** Batches of pairs of similar length, another order in every epoch, and how many there are. */
export function batchesOf(
  pairs: readonly Pair[],
  vocabularies: Vocabularies,
  { seed, batchSize }: Batching,
) {
  const samples = samplesOf(pairs, vocabularies);
  const buckets = { width: WIDTH, batchSize };
  const all = Dataset.of(samples)
    .shuffle(seed)
    .bucketByLength({ ...buckets, length: ({ x }) => x.source.length });
  return {
    epoch: (epoch: number) => all.epoch(epoch),
    steps: stepsOf(
      samples.map(({ x }) => ({ x: x.source })),
      buckets,
    ),
  };
}
