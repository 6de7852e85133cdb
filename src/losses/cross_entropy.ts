/** Cross-entropies, with the names, defaults and formulas of Keras 3. */
import { notEqual } from '../ops/compare.ts';
import {
  binaryCrossEntropy,
  categoricalCrossEntropy,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
} from '../ops/cross_entropy.ts';
import { elementwiseLoss, formOf, labelsFor, makeLoss, meanLast } from './loss.ts';
import type { LossFunction, LossOptions } from './loss.ts';

/** The options of `losses.binaryCrossentropy` and `losses.categoricalCrossentropy`. */
export interface CrossentropyOptions extends LossOptions {
  /** Whether predictions are logits; false by default: they are probabilities, and are clipped to [1e-7, 1 - 1e-7]. */
  fromLogits?: boolean;
  /** How far to move targets towards the uniform distribution, from 0 (default) to 1. */
  labelSmoothing?: number;
}

const DEFAULTS = { fromLogits: false, labelSmoothing: 0 };

/**
 * -mean(z log p + (1-z) log(1-p)) over the last axis.
 *
 * Targets z from 0 to 1, [B, ..., D] (a last axis of extent 1 may be missing); predictions [B, ..., D].
 */
export function binaryCrossentropy(options: CrossentropyOptions = {}): LossFunction {
  return elementwiseLoss(
    'binaryCrossentropy',
    options,
    DEFAULTS,
    (yTrue, yPred, { fromLogits, ...own }) => {
      const op = fromLogits ? sigmoidCrossEntropy : binaryCrossEntropy;
      return meanLast(op(yPred, yTrue, own));
    },
  );
}

/**
 * -sum_c q_c log p_c over the last axis, with p divided by its sum.
 *
 * Targets q: probabilities or one-hot, [B, ..., C]; predictions [B, ..., C].
 */
export function categoricalCrossentropy(options: CrossentropyOptions = {}): LossFunction {
  return elementwiseLoss(
    'categoricalCrossentropy',
    options,
    DEFAULTS,
    (yTrue, yPred, { fromLogits, ...own }) => {
      const op = fromLogits ? softmaxCrossEntropy : categoricalCrossEntropy;
      return op(yPred, yTrue, own);
    },
  );
}

/** The options of `losses.sparseCategoricalCrossentropy`. */
export interface SparseCrossentropyOptions extends LossOptions {
  /** Whether predictions are logits; false by default: they are probabilities, and are clipped to [1e-7, 1 - 1e-7]. */
  fromLogits?: boolean;
  /** A label to ignore: its loss is 0, and the mean is over the others. It need not be a class. None by default. */
  ignoreClass?: number | null;
  /** How far to move targets towards the uniform distribution, from 0 (default) to 1. Keras has it for one-hot targets alone. */
  labelSmoothing?: number;
}

/**
 * -log p_y over the last axis, with p divided by its sum.
 *
 * Targets y: whole numbers from 0 to C-1, [B, ...] or [B, ..., 1]; predictions [B, ..., C].
 *
 * @example
 * ```js
 * const model = sequential([layers.input({ shape: [4] }), layers.dense(3)]); // logits of 3 classes
 * model.compile({ optimizer: 'adam', loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }) });
 * await model.fit([[1, 2, 3, 4], [4, 3, 2, 1]], [0, 2], { verbose: 0 });
 * ```
 */
export function sparseCategoricalCrossentropy(
  options: SparseCrossentropyOptions = {},
): LossFunction {
  const defaults = { ...DEFAULTS, ignoreClass: null as number | null };
  const name = 'sparseCategoricalCrossentropy';
  const loss = makeLoss(name, options, defaults, (yTrue, yPred, { fromLogits, ...own }) => {
    const op = fromLogits ? softmaxCrossEntropy : categoricalCrossEntropy;
    return op(yPred, labelsFor(yTrue, yPred), own);
  });
  const ignored = loss.config.ignoreClass as number | null;
  const mask: LossFunction['mask'] = (yTrue, yPred) =>
    ignored === null ? null : notEqual(labelsFor(yTrue, yPred), ignored);
  return { ...loss, mask };
}

/**
 * The cross-entropy that the shapes ask for, as in Keras: binary where the last axis of the predictions has extent 1, sparse where the targets
 * are class numbers, [B, ...] or [B, ..., 1], categorical where they are [B, ..., C].
 */
export function crossentropy(options: CrossentropyOptions = {}): LossFunction {
  const losses = {
    binary: binaryCrossentropy(options),
    sparse: sparseCategoricalCrossentropy(options),
    categorical: categoricalCrossentropy(options),
  };
  const { name = 'crossentropy' } = options;
  return {
    ...losses.binary,
    name,
    call: (yTrue, yPred) => losses[formOf(yTrue.shape, yPred.shape)].call(yTrue, yPred),
  };
}
