/** Cross-entropies by Keras 3's names, defaults and formulas. */
import { cast, notEqual } from '../ops/compare.ts';
import {
  binaryCrossEntropy,
  categoricalCrossEntropy,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
} from '../ops/cross_entropy.ts';
import { squeeze } from '../ops/shape.ts';
import type { Tensor } from '../tensor.ts';
import { elementwiseLoss, makeLoss, meanLast } from './loss.ts';
import type { LossFunction, LossOptions } from './loss.ts';

export interface CrossentropyOptions extends LossOptions {
  /** Whether predictions are logits; by default they are probabilities, clipped to [1e-7, 1-1e-7]. */
  fromLogits?: boolean;
  /** Moves targets towards the uniform distribution; in 0…1. */
  labelSmoothing?: number;
}

/**
 * -mean(z log p + (1-z) log(1-p)) over the last axis.
 *
 * Targets z in 0…1, [B, ..., D] (or without a last axis of extent 1); predictions [B, ..., D].
 */
export function binaryCrossentropy(options: CrossentropyOptions = {}): LossFunction {
  const { fromLogits = false, labelSmoothing = 0 } = options;
  const op = fromLogits ? sigmoidCrossEntropy : binaryCrossEntropy;
  return elementwiseLoss(
    'binaryCrossentropy',
    { ...options, fromLogits, labelSmoothing },
    (yTrue, yPred, name) => meanLast(op(yPred, yTrue, { name, labelSmoothing })),
  );
}

/**
 * -sum_c q_c log p_c over the last axis, with p divided by its sum.
 *
 * Targets q: probabilities or one-hot, [B, ..., C]; predictions [B, ..., C].
 */
export function categoricalCrossentropy(options: CrossentropyOptions = {}): LossFunction {
  const { fromLogits = false, labelSmoothing = 0 } = options;
  const op = fromLogits ? softmaxCrossEntropy : categoricalCrossEntropy;
  return elementwiseLoss(
    'categoricalCrossentropy',
    { ...options, fromLogits, labelSmoothing },
    (yTrue, yPred, name) => op(yPred, yTrue, { name, labelSmoothing }),
  );
}

export interface SparseCrossentropyOptions extends LossOptions {
  fromLogits?: boolean;
  /** A label that does not count: its loss is 0, and the mean is over the others. It need not be a class. */
  ignoreClass?: number | null;
}

/**
 * -log p_y over the last axis, with p divided by its sum.
 *
 * Targets y: whole numbers in 0…C-1, [B, ...] or [B, ..., 1]; predictions [B, ..., C].
 */
export function sparseCategoricalCrossentropy(
  options: SparseCrossentropyOptions = {},
): LossFunction {
  const { fromLogits = false, ignoreClass = null } = options;
  const op = fromLogits ? softmaxCrossEntropy : categoricalCrossEntropy;
  return makeLoss(
    'sparseCategoricalCrossentropy',
    { ...options, fromLogits, ignoreClass },
    (yTrue, yPred, name) => op(yPred, labelsFor(yTrue, yPred), { name, ignoreClass }),
    (yTrue, yPred) =>
      ignoreClass === null ? null : notEqual(labelsFor(yTrue, yPred), ignoreClass),
  );
}

/** Labels as int32 without the axis of extent 1 that may stand at their end. */
export function labelsFor(yTrue: Tensor, yPred: Tensor): Tensor {
  const squeezed = yTrue.rank === yPred.rank && yTrue.shape.at(-1) === 1;
  return cast(squeezed ? squeeze(yTrue, -1) : yTrue, 'int32');
}
