/** The options of `fit`. */
import { wholeNumber } from '../layers/shapes.ts';
import type { BatchData, BatchGenerator, GeneratedBatch } from './batch_data.ts';
import { positiveCounts } from './checks.ts';
import type { ClassWeight } from './class_weight.ts';
import type { Output, Verbosity } from './progress.ts';

/** All of them but the callbacks, which take the model. */
export interface TrainingOptions {
  /** Samples a step; 32 by default. A generator makes its own batches. */
  batchSize?: number;
  /** The epoch to end before; 1 by default: with `initialEpoch` 3 and `epochs` 5, two epochs are run. */
  epochs?: number;
  /** The first epoch, 0 by default; pass `model.epoch` to continue from a checkpoint. */
  initialEpoch?: number;
  /** 0 prints nothing, 1 a bar in a terminal, 2 a line an epoch; by default 1, in a browser 0. */
  verbose?: Verbosity;
  /** The fraction of the samples, from their end, that is not trained on but evaluated after every epoch. */
  validationSplit?: number;
  /** What is evaluated after every epoch. */
  validationData?: ValidationData | BatchGenerator;
  /** Samples an evaluation step; as `batchSize` by default. */
  validationBatchSize?: number;
  /** Batches of a validation generator. */
  validationSteps?: number;
  /** Whether each epoch has its own order of samples; true by default. */
  shuffle?: boolean;
  /** Of the order and of dropout; the model's by default. The same seed gives the same bits. */
  seed?: number;
  classWeight?: ClassWeight;
  /** By sample, [samples], or by step, [samples, steps]; for several outputs a list or an object of them. */
  sampleWeight?: BatchData;
  /** Batches an epoch, for generators that do not end, or to use only the first ones of arrays. */
  stepsPerEpoch?: number;
  /** Ends training after the running step; weights and history stay. */
  signal?: AbortSignal;
  /** Steps between two reads of loss and metrics; by default a few reads a second. */
  readEvery?: number;
  /** Where progress is printed. */
  output?: Output;
}

/** Inputs, targets and perhaps weights; arrays of them where the model has several. */
export type ValidationData = GeneratedBatch;

/** Throws where a number is out of range. */
export function checkFitOptions(options: TrainingOptions): void {
  const { batchSize, epochs, stepsPerEpoch, validationBatchSize, validationSteps, readEvery } =
    options;
  const counts = { batchSize, epochs, stepsPerEpoch, validationBatchSize, validationSteps };
  positiveCounts('fit', { ...counts, readEvery });
  const { initialEpoch = 0, seed = 0, verbose = 0 } = options;
  if (!Number.isInteger(initialEpoch) || initialEpoch < 0)
    throw new Error(
      `fit: expected initialEpoch to be a whole number from 0 on, got ${initialEpoch}; pass model.epoch to go on`,
    );
  wholeNumber('fit', 'seed', seed);
  if (![0, 1, 2].includes(verbose))
    throw new Error(`fit: expected verbose to be 0, 1 or 2, got ${String(verbose)}`);
}
