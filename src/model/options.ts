/** What `fit` can be told. */
import { positiveInteger, wholeNumber } from '../layers/shapes.ts';
import type { Model } from '../model.ts';
import type { BatchData, BatchGenerator } from './batches.ts';
import type { Callback } from './callbacks/callback.ts';
import type { ClassWeight } from './prepare.ts';
import type { Output, Verbosity } from './progress.ts';

export interface FitOptions {
  /** Samples a step. A generator makes its own batches. */
  batchSize?: number;
  /** The epoch to end before: with `initialEpoch` 3 and `epochs` 5, two epochs are run. */
  epochs?: number;
  /** The first epoch, from 0; `model.epoch` after loading a checkpoint, to go on from it. */
  initialEpoch?: number;
  /** 0 silent, 1 a bar in a terminal, 2 a line an epoch; by default 1, in a browser 0. */
  verbose?: Verbosity;
  callbacks?: readonly Callback[];
  /** The fraction of the samples, from their end, that is not trained on but evaluated after every epoch. */
  validationSplit?: number;
  /** What is evaluated after every epoch. */
  validationData?: ValidationData | BatchGenerator;
  /** Samples an evaluation step; as `batchSize` by default. */
  validationBatchSize?: number;
  /** Batches of a validation generator. */
  validationSteps?: number;
  /** Whether each epoch has an order of its own. */
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

export type ValidationData =
  | readonly [x: BatchData, y: BatchData, sampleWeight?: BatchData | null]
  | { readonly x: BatchData; readonly y: BatchData; readonly sampleWeight?: BatchData | null };

/** Throws where a number is none that could be meant. */
export function checkFitOptions(options: FitOptions): void {
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

export function positiveCounts(what: string, counts: Record<string, number | undefined>): void {
  for (const [name, value] of Object.entries(counts))
    if (value !== undefined) positiveInteger(what, name, value);
}

/** @param otherwise what else there is to do but to say the shape of the input */
export function needBuilt(what: string, { built, name }: Model, otherwise: string): void {
  if (!built)
    throw new Error(
      `${what}: expected a built model, got '${name}' without weights; give it an input({ shape }), or ${otherwise}`,
    );
}
