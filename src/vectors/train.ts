/** word2vec: vectors of words, learnt from the words around them. */
import type { Device } from '../backend.ts';
import { checkCount } from '../data/options.ts';
import { withDefaults } from '../options.ts';
import { foldSeed, Random } from '../random.ts';
import { getDevice } from '../tensor.ts';
import { breather } from '../text/progress.ts';
import { AliasTable } from './alias_table.ts';
import { BatchMaker } from './batches.ts';
import { NegativeSampling } from './negative_sampling.ts';
import { LossMeter } from './loss_meter.ts';
import type { TrainingProgress } from './loss_meter.ts';
import { countWords, keepProbabilities, sentencesOf } from './word_counts.ts';
import type { Sentences, WordCounts } from './word_counts.ts';
import { WordVectors } from './word_vectors.ts';

export interface TrainVectorsOptions {
  /** `skipGram` (a word tells those around it) or `cbow` (the words around tell it): gensim's sg=1 and sg=0. */
  architecture?: 'skipGram' | 'cbow';
  /** Numbers of a vector; 100. */
  dimension?: number;
  /** The farthest that a word of the context stands from a word, 5; for each word one of 1 to `window` is drawn. */
  window?: number;
  /** Random words for each real one, drawn by count^0.75; 5. */
  negative?: number;
  /** Words that come less often are left out; 5. */
  minCount?: number;
  /** Words whose share of the corpus is above it are left out now and then; 1e-3. 0: never. */
  sample?: number;
  /** Times that the corpus is gone through; 5. */
  epochs?: number;
  /** At the beginning; it falls in a straight line to `minLearningRate`. 0.025. */
  learningRate?: number;
  /** At the end; 1e-4. */
  minLearningRate?: number;
  /**
   * Examples (pairs of words; for CBOW windows) a step; 1024, or half of the vocabulary where that is less. Their steps are added,
   * so that batches in which every word comes many times move vectors too far.
   */
  batchSize?: number;
  /** The same seed gives the same vectors on one device; another each time by default. */
  seed?: number | null;
  /** Where to compute; the default device of `setDevice`. */
  device?: Device;
  /** Called about twice a second, and at the end of each epoch. */
  onProgress?: (progress: TrainingProgress) => void;
  /** Stops the training: the vectors are then those learnt so far. */
  signal?: AbortSignal;
}

const DEFAULTS = {
  architecture: 'skipGram' as 'skipGram' | 'cbow',
  dimension: 100,
  window: 5,
  negative: 5,
  minCount: 5,
  sample: 1e-3,
  epochs: 5,
  learningRate: 0.025,
  minLearningRate: 1e-4,
};

/** Steps between looks at the loss. Nothing is awaited between them, so that they bound what waits for the GPU. */
const LOOK_EVERY = 16;

/**
 * Learns vectors of words by skip-gram or CBOW with negative sampling and subsampling of frequent words; the words in the result
 * are sorted by how often they come. Names and defaults are gensim's.
 *
 * Mikolov, Chen, Corrado and Dean, "Efficient Estimation of Word Representations in Vector Space" (2013); Mikolov, Sutskever, Chen,
 * Corrado and Dean, "Distributed Representations of Words and Phrases and their Compositionality" (NIPS 2013).
 *
 * @param corpus sentences, each a list of words: an array, or a function that gives an iterator, gone through 1 + epochs times
 * @throws Error for options out of range, where fewer than two words come `minCount` times, where no word has another beside it, where
 *   the corpus cannot be gone through again, and where the vectors grow beyond all bounds
 */
export async function trainWordVectors(
  corpus: Sentences,
  options: TrainVectorsOptions = {},
): Promise<WordVectors> {
  const settings = withDefaults(options, DEFAULTS);
  check(settings, options);
  const { architecture, dimension, window, negative, epochs } = settings;
  const { signal, device = getDevice() } = options;
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32);
  const breathe = breather();
  const pause = (): Promise<void> | undefined => {
    signal?.throwIfAborted();
    return breathe();
  };

  const counts = await countWords(corpus, settings.minCount, pause);
  const { words, total } = counts;
  const batchSize = options.batchSize ?? Math.min(1024, Math.max(1, words.length >> 1));
  const sampling = {
    ...{ architecture, window, negative, batchSize },
    keep: keepProbabilities(counts, settings.sample),
    noise: new AliasTable(counts.counts.map((count) => count ** 0.75)),
  };
  // The kernel takes four columns at a time; those added stay zero.
  const width = 4 * Math.ceil(dimension / 4);
  const first = initialVectors(words.length, dimension, width, new Random(foldSeed(seed, 0)));
  const zeros = new Float32Array(first.length);
  const learner = new NegativeSampling(device, words.length, first, zeros);
  const meter = new LossMeter(total * epochs, epochs, options.onProgress);
  let steps = 0;
  try {
    for (let epoch = 0; epoch < epochs && !signal?.aborted; epoch++) {
      const maker = new BatchMaker({ ...sampling, random: new Random(foldSeed(seed, 1 + epoch)) });
      for await (const batch of batchesOf(corpus, counts, maker, meter, signal)) {
        const left = Math.max(0, 1 - meter.words / (total * epochs));
        const { learningRate, minLearningRate } = settings;
        const rate = minLearningRate + (learningRate - minLearningRate) * left;
        const logits = learner.step(batch, rate);
        const seen = steps++ % LOOK_EVERY === 0 ? await logits.data() : null;
        logits.dispose();
        if (!seen) continue;
        meter.look(seen, batch.size, rate);
        await breathe();
      }
      meter.endEpoch(epoch);
    }
    if (steps === 0 && !signal?.aborted)
      throw new Error(
        `trainWordVectors: expected words with others beside them, got none among ${total}: every sentence has one word, or ` +
          'sample leaves the others out; give longer sentences, or sample 0, which leaves none out',
      );
    const table = await learner.input.data();
    const matrix = new Float32Array(words.length * dimension);
    for (let row = 0; row < words.length; row++)
      matrix.set(table.subarray(row * width, row * width + dimension), row * dimension);
    if (!matrix.every(Number.isFinite)) throw meter.diverged();
    return new WordVectors(words, dimension, matrix);
  } finally {
    learner.dispose();
  }
}

/** The batches of an epoch, until it is stopped. */
async function* batchesOf(
  corpus: Sentences,
  { index, total }: WordCounts,
  maker: BatchMaker,
  meter: LossMeter,
  signal: AbortSignal | undefined,
) {
  const before = meter.words;
  for await (const sentence of sentencesOf(corpus)) {
    const ids: number[] = [];
    for (const word of sentence) {
      const id = index.get(word);
      if (id !== undefined) ids.push(id);
    }
    for (const batch of maker.add(ids)) {
      if (signal?.aborted) return;
      // A sentence may be the whole corpus: words count where they are taken, not where it ends.
      meter.words = before + maker.words;
      yield batch;
    }
    meter.words = before + maker.words;
  }
  if (maker.words !== total)
    throw new Error(
      `trainWordVectors: expected the same ${total} words in every epoch, got ${maker.words}; give an array, ` +
        'or a function that makes a new iterator each time it is called',
    );
  yield* maker.finish();
}

/** Uniform in ±1 / (2·dimension), as in word2vec. */
function initialVectors(rows: number, dimension: number, width: number, random: Random) {
  const vectors = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < dimension; i++)
      vectors[row * width + i] = random.uniform(-0.5, 0.5) / dimension;
  return vectors;
}

function check(settings: typeof DEFAULTS, { batchSize = 1 }: TrainVectorsOptions): void {
  const { architecture, sample, learningRate, minLearningRate } = settings;
  if (architecture !== 'skipGram' && architecture !== 'cbow')
    throw new Error(
      `trainWordVectors: architecture: expected 'skipGram' or 'cbow', got '${String(architecture)}'`,
    );
  const { dimension, window, negative, minCount, epochs } = settings;
  const whole = { dimension, window, negative, minCount, epochs, batchSize };
  for (const [name, value] of Object.entries(whole))
    checkCount(`trainWordVectors: ${name}`, value, 1);
  for (const [name, value] of Object.entries({ sample, learningRate, minLearningRate }))
    if (!(value >= 0 && value < Infinity))
      throw new Error(`trainWordVectors: ${name}: expected a number from 0 on, got ${value}`);
}
