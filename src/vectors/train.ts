/** word2vec: learns vectors of words from the words around them. */
import { sizeFor } from '../options.ts';
import { foldSeed, Random } from '../random.ts';
import { getDevice } from '../tensor.ts';
import { periodicYield } from '../event_loop.ts';
import { BatchMaker } from './batches.ts';
import { NegativeSampling } from './negative_sampling.ts';
import { LossMeter } from './loss_meter.ts';
import { checkResume, hyperparameters } from './hyperparameters.ts';
import type { TrainVectorsOptions } from './hyperparameters.ts';
import { countWords, keepProbabilities, noiseTable, sentencesOf } from './word_counts.ts';
import type { Sentences, WordCounts } from './word_counts.ts';
import { WordVectors } from './word_vectors.ts';

/** Steps between two reads of the loss. Only these are awaited, so this also bounds how many steps wait for the GPU. */
const READ_LOSS_EVERY = 16;

/**
 * Trains word vectors by skip-gram or CBOW with negative sampling and subsampling of frequent words. In the result the most
 * frequent words come first. Defaults are those of gensim, except that skip-gram is the default (its `sg=1`).
 *
 * Mikolov, Chen, Corrado and Dean, "Efficient Estimation of Word Representations in Vector Space" (2013); Mikolov, Sutskever, Chen,
 * Corrado and Dean, "Distributed Representations of Words and Phrases and their Compositionality" (NIPS 2013).
 *
 * @param corpus sentences, each a list of words: an array, or a function that returns a new iterator; read 1 + epochs times
 * @throws Error if an option is out of range, a checkpoint does not fit, fewer than two words occur `minCount` times, no
 *   sentence has two words, the corpus cannot be read again, or the vectors diverge
 */
export async function trainWordVectors(
  corpus: Sentences,
  options: TrainVectorsOptions = {},
): Promise<WordVectors> {
  const settings = hyperparameters(options);
  const { architecture, dimension, window, negative, epochs } = settings;
  const { signal, resume } = options;
  const device = options.device ?? getDevice();
  const seed = options.seed ?? resume?.settings.seed ?? Math.floor(Math.random() * 2 ** 32);
  const yieldNow = periodicYield();
  const pause = (): Promise<void> | undefined => {
    signal?.throwIfAborted();
    return yieldNow();
  };

  const counts = await countWords(corpus, settings.minCount, pause);
  const { words, total } = counts;
  const batchSize = options.batchSize ?? Math.min(1024, Math.max(1, words.length >> 1));
  sizeFor('trainWordVectors', batchSize, Math.max(2 * window, 1 + negative));
  const sampling = {
    ...{ architecture, window, negative, batchSize },
    keep: keepProbabilities(counts, settings.sample),
    noise: noiseTable(counts),
  };
  // The kernel reads four columns at a time; the added ones stay zero.
  const width = 4 * Math.ceil(dimension / 4);
  const size = sizeFor('trainWordVectors', words.length, width);
  const fitting = Math.floor(device.limits.maxBindingBytes / (4 * width));
  if (words.length > fitting)
    throw new Error(
      `trainWordVectors: ${words.length} words x ${width} numbers are more than this device's maxStorageBufferBindingSize, ` +
        `${device.limits.maxBindingBytes} bytes: at most ${fitting} words fit: give a higher minCount, or a smaller dimension`,
    );
  const corpusName = `${total} words, checksum ${counts.checksum}`;
  const facts = { ...settings, batchSize, seed, corpus: corpusName };
  if (resume) checkResume(resume, facts, size);
  const start = resume ?? {
    ...{ epoch: 0, output: new Float32Array(size) },
    input: initialVectors(words.length, dimension, width, new Random(foldSeed(seed, 0))),
  };
  const learner = new NegativeSampling(device, words.length, start.input, start.output);
  const meter = new LossMeter(total, epochs, start.epoch, options.onProgress);
  let steps = 0;
  try {
    for (let epoch = start.epoch; epoch < epochs && !signal?.aborted; epoch++) {
      const maker = new BatchMaker({ ...sampling, random: new Random(foldSeed(seed, 1 + epoch)) });
      for await (const batch of batchesOf(corpus, counts, maker, meter, signal)) {
        const left = Math.max(0, 1 - meter.words / (total * epochs));
        const { learningRate, minLearningRate } = settings;
        const rate = minLearningRate + (learningRate - minLearningRate) * left;
        const logits = learner.step(batch, rate);
        const seen = steps++ % READ_LOSS_EVERY === 0 ? await logits.data() : null;
        logits.dispose();
        if (!seen) continue;
        meter.add(seen, batch.size, rate);
        await yieldNow();
      }
      meter.endEpoch(epoch);
      if (signal?.aborted || steps + start.epoch === 0) continue;
      await options.onCheckpoint?.({
        ...{ epoch: epoch + 1, settings: facts },
        ...{ input: await learner.input.data(), output: await learner.output.data() },
      });
    }
    if (steps + start.epoch === 0 && !signal?.aborted)
      throw new Error(
        `trainWordVectors: expected sentences of two words or more, got none among ${total} words: every sentence has one word, or ` +
          'subsampling leaves the others out; give longer sentences, or sample 0 for no subsampling',
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

/** The batches of an epoch, or those until the signal aborts it. */
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
      // A sentence may be the whole corpus, so words are counted when they are used, not at the end of the sentence.
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

/** Initial vectors, uniform in ±1 / (2·dimension) as in word2vec; padding columns are zero. */
function initialVectors(rows: number, dimension: number, width: number, random: Random) {
  const vectors = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < dimension; i++)
      vectors[row * width + i] = random.uniform(-0.5, 0.5) / dimension;
  return vectors;
}
