/** The options of `trainWordVectors`, the defaults of its hyperparameters, its checkpoints, and the checks of both. */
import type { Device, NumericArray } from '../backend.ts';
import { withDefaults } from '../defaults.ts';
import {
  CALLABLE,
  COUNT,
  DEVICE,
  NOT_NEGATIVE,
  oneOf,
  readOptions,
  SIGNAL,
  WHOLE,
} from '../options.ts';
import type { Checks } from '../options.ts';
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

const OTHERS: { readonly [Name in keyof TrainVectorsOptions]: undefined } = {
  batchSize: undefined,
  seed: undefined,
  device: undefined,
  onProgress: undefined,
  onCheckpoint: undefined,
  resume: undefined,
  signal: undefined,
};
const MUST_BE: Checks<TrainVectorsOptions> = {
  architecture: oneOf(['skipGram', 'cbow']),
  dimension: COUNT,
  window: COUNT,
  negative: COUNT,
  minCount: COUNT,
  sample: NOT_NEGATIVE,
  epochs: COUNT,
  learningRate: NOT_NEGATIVE,
  minLearningRate: NOT_NEGATIVE,
  batchSize: COUNT,
  seed: WHOLE,
  device: DEVICE,
  resume: [
    'a checkpoint, as onCheckpoint gets it',
    (value) =>
      ['settings', 'input', 'output'].every(
        (name) => typeof (value as Record<string, unknown>)[name] === 'object',
      ),
  ],
  onProgress: CALLABLE,
  onCheckpoint: CALLABLE,
  signal: SIGNAL,
};

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

/** The options that the result depends on, with their defaults. @throws Error for options that are unknown or out of range */
export function hyperparameters(options: TrainVectorsOptions): typeof DEFAULTS {
  const all = { ...DEFAULTS, ...OTHERS };
  return withDefaults(readOptions('trainWordVectors', options, all, MUST_BE), DEFAULTS);
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
