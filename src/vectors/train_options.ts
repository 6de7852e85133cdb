/** What the training of word vectors can be told. */
import type { Device } from '../backend.ts';
import { checkCount } from '../data/options.ts';
import type { VectorsCheckpoint } from './checkpoint.ts';
import type { TrainingProgress } from './loss_meter.ts';

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
  /** Called, and waited for, at the end of each epoch, with what a later call needs as `resume` to go on from there. */
  onCheckpoint?: (checkpoint: VectorsCheckpoint) => void | Promise<void>;
  /** Goes on from a checkpoint of the same options and corpus: on one device with the bits of an unbroken training. */
  resume?: VectorsCheckpoint;
  /** Stops the training: the vectors are then those learnt so far. */
  signal?: AbortSignal;
}

export const DEFAULTS = {
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

/** @throws Error for options out of range */
export function checkOptions(
  settings: typeof DEFAULTS,
  { batchSize = 1 }: TrainVectorsOptions,
): void {
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
