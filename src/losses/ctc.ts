/** Connectionist temporal classification as a loss of sequences. */
import { cast } from '../ops/compare.ts';
import { ctcLoss } from '../ops/ctc.ts';
import { ADDED_LOSSES, lossOptions } from './loss.ts';
import type { LossFunction, LossOptions } from './loss.ts';

/** The options of `losses.ctc`. */
export interface CtcOptions extends LossOptions {
  /** The class that stands for no label, which also pads the targets; 0 by default, as in Keras. */
  blank?: number;
  /**
   * Whether samples whose labels need more steps than they have count as a loss of 0; false by default: their loss is
   * infinite, and `fit` ends.
   */
  zeroInfinity?: boolean;
}

/**
 * -log of the probability that a path, a class a step, reads as the labels of a sample, once equal neighbours are joined and blanks left out (Graves
 * et al. 2006).
 *
 * Targets: whole numbers [B, L], a row's labels from the left, padded with `blank` or any negative number; predictions [B, T, C], logits. Steps
 * that the model's mask leaves out are not on the path (Keras counts them).
 *
 * It comes with kernels. So `compile` and `loadModel` know the name `'ctc'` once the program has called this function, and `loadModel` gives a model
 * that is not compiled otherwise.
 */
export function ctc(options: CtcOptions = {}): LossFunction {
  const { name, reduction, config } = lossOptions('ctc', options, {
    blank: 0,
    zeroInfinity: false,
  });
  ADDED_LOSSES.ctc = ctc;
  return {
    name,
    reduction,
    config,
    ofSequences: true,
    whyInfinite:
      'Its labels need more steps than it has: one for each label, and one between equal neighbours. Shorten them, give it more steps, or ' +
      'leave such samples out with losses.ctc({ zeroInfinity: true })',
    call: (yTrue, yPred, mask = null) =>
      ctcLoss(yPred, cast(yTrue, 'int32'), { ...config, mask, name }),
  };
}
