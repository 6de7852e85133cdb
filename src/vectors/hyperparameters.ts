/** The options of `trainWordVectors`, the defaults of its hyperparameters, its checkpoints, and the checks of both. */
import type { Device, NumericArray } from '../backend.ts';
import { checkCount } from '../data/check_count.ts';
import type { TrainingProgress } from './loss_meter.ts';

/** The state of a training between two epochs: give it as `resume` to go on. */
export interface VectorsCheckpoint {
  /** Epochs completed. */
  readonly epoch: number;
  /** The options that the result depends on, and a checksum of the corpus. */
  readonly settings: Readonly<Record<string, string | number>> & { readonly seed: number };
  /** The word vectors as they are on the device: [words, dimension], rows padded to a multiple of 4. */
  readonly input: NumericArray;
  /** The vectors of words as targets, likewise. */
  readonly output: NumericArray;
}

/** What `trainWordVectors` learns, and how. Names and defaults follow gensim. */
export interface TrainVectorsOptions {
  /** `skipGram` (a word predicts the words around it; default) or `cbow` (they predict the word): gensim's sg=1 and sg=0. */
  architecture?: 'skipGram' | 'cbow';
  /** Length of the vectors; 100 by default. */
  dimension?: number;
  /** Largest distance between a word and a word of its context, 5 by default; each word uses a random one from 1 to `window`. */
  window?: number;
  /** Random words per target word, sampled in proportion to count^0.75; 5 by default. */
  negative?: number;
  /** Words that occur less often are ignored; 5 by default. */
  minCount?: number;
  /** Words with a larger share of the corpus than this are subsampled; 1e-3 by default, 0 for no subsampling. */
  sample?: number;
  /** Passes over the corpus; 5 by default. */
  epochs?: number;
  /** The initial learning rate, 0.025 by default; it falls linearly to `minLearningRate`. */
  learningRate?: number;
  /** The final learning rate; 1e-4 by default. */
  minLearningRate?: number;
  /**
   * Examples (pairs of words, in CBOW windows) per step. By default 1024, or half the vocabulary if that is less: gradients are
   * summed over a batch, so a batch in which every word occurs many times would move vectors too far.
   */
  batchSize?: number;
  /** The same seed gives the same vectors on one device; by default a random seed. */
  seed?: number | null;
  /** The device to compute on; by default that of `setDevice`. */
  device?: Device;
  /** Called about twice a second and at the end of each epoch. */
  onProgress?: (progress: TrainingProgress) => void;
  /** Called and awaited at the end of each epoch. Pass the checkpoint to a later call as `resume` to continue from there. */
  onCheckpoint?: (checkpoint: VectorsCheckpoint) => void | Promise<void>;
  /** Continues from a checkpoint with the same options and corpus; on one device the result equals uninterrupted training bit for bit. */
  resume?: VectorsCheckpoint;
  /** Stops the training; the vectors are those learned so far. */
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
      throw new Error(`trainWordVectors: ${name}: expected a number of at least 0, got ${value}`);
}

/**
 * @param expected the settings of this training
 * @param size how many numbers each table contains
 * @throws Error if the checkpoint has other settings, belongs to another corpus, or is damaged
 */
export function checkResume(
  { settings, input, output }: VectorsCheckpoint,
  expected: VectorsCheckpoint['settings'],
  size: number,
): void {
  for (const [name, value] of Object.entries(expected))
    if (settings[name] !== value)
      throw new Error(
        `trainWordVectors: resume: expected a checkpoint with ${name} ${value}, got one with ${settings[name]}; give the ` +
          'options and the corpus that it was made with, or begin without it',
      );
  if (input.length !== size || output.length !== size)
    throw new Error(
      `trainWordVectors: resume: expected two tables of ${size} numbers, got ${input.length} and ${output.length}: the ` +
        'checkpoint is damaged; begin without it',
    );
}
