/** The options of `fit`. */
import { COUNT, LIST, oneOf, readOptions, SHARE, SIGNAL, WHOLE } from '../options.ts';
import type { Check } from '../options.ts';
import type { BatchData, BatchGenerator, GeneratedBatch } from './batch_data.ts';
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
  /**
   * The fraction of the samples, from their end, that is not trained on but evaluated after every epoch; none by
   * default.
   */
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
  /**
   * Factors of samples by class number, `{ 0: 1, 1: 5 }`, 1 for those that are left out; by the name of the output
   * where there are several.
   */
  classWeight?: ClassWeight;
  /** By sample, [samples], or by step, [samples, steps]; for several outputs a list or an object of them. */
  sampleWeight?: BatchData;
  /** Batches an epoch, for generators that do not end, or to use only the first ones of arrays. */
  stepsPerEpoch?: number;
  /** Ends training after the running step; weights and history stay. */
  signal?: AbortSignal;
  /** Steps between two reads of loss and metrics; by default a few reads a second. */
  readEvery?: number;
  /** Where progress is printed; standard output by default, in a browser the console. */
  output?: Output;
}

/** Inputs, targets and perhaps weights; arrays of them where the model has several. */
export type ValidationData = GeneratedBatch;

type Defaults = Required<
  Pick<TrainingOptions, 'batchSize' | 'epochs' | 'initialEpoch' | 'validationSplit' | 'shuffle'>
> & { callbacks: readonly never[] };
/** With all defaults filled in. */
export type FilledOptions = TrainingOptions & Omit<Defaults, 'callbacks'>;

const DEFAULTS: Defaults & { readonly [Name in keyof Required<TrainingOptions>]: unknown } = {
  batchSize: 32,
  epochs: 1,
  initialEpoch: 0,
  verbose: undefined,
  validationSplit: 0,
  validationData: undefined,
  validationBatchSize: undefined,
  validationSteps: undefined,
  shuffle: true,
  seed: undefined,
  classWeight: undefined,
  sampleWeight: undefined,
  stepsPerEpoch: undefined,
  signal: undefined,
  readEvery: undefined,
  output: undefined,
  callbacks: [],
};

const OUTPUT: Check = [
  'an object with write()',
  (value) => typeof (value as Output | null)?.write === 'function',
];

/** What options of `fit` and of `evaluate` must be. */
export const MUST_BE = {
  batchSize: COUNT,
  epochs: COUNT,
  initialEpoch: WHOLE,
  verbose: oneOf([0, 1, 2]),
  validationSplit: SHARE,
  validationBatchSize: COUNT,
  validationSteps: COUNT,
  seed: WHOLE,
  stepsPerEpoch: COUNT,
  steps: COUNT,
  signal: SIGNAL,
  readEvery: COUNT,
  callbacks: LIST,
  output: OUTPUT,
};

/** The options with their defaults, checked. */
export const fitOptions = <Options extends TrainingOptions>(given: Options) =>
  readOptions<object>('fit', given, DEFAULTS, MUST_BE) as Options & FilledOptions;
