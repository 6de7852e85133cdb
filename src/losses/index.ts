/**
 * Losses by Keras 3's names, defaults and formulas. Made by functions: `losses.huber({ delta: 2 })`.
 *
 * @module
 */
import * as crossEntropies from './cross_entropy.ts';
import * as divergences from './divergence.ts';
import { ADDED_LOSSES, SHORT_NAMES } from './loss.ts';
import type { LossFunction, MakeLoss } from './loss.ts';
import * as regressions from './regression.ts';

export * from './cross_entropy.ts';
export { ctc } from './ctc.ts';
export type { CtcOptions } from './ctc.ts';
export * from './divergence.ts';
export * from './mixture_density.ts';
export * from './regression.ts';
export * from './sample_mixture.ts';
export { alignTo, computeLoss, reduceLoss } from './reduce.ts';
export type { ReducedLoss, Weighting } from './reduce.ts';
export { labelsFor, matchShapes } from './loss.ts';
export type { LossFunction, LossOptions, Reduction } from './loss.ts';

const LOSSES = { ...crossEntropies, ...divergences, ...regressions };
/** The names of the losses that need no import: `compile({ loss: 'meanSquaredError' })`. */
export type LossName = keyof typeof LOSSES;
/** All names of losses. */
export const LOSS_NAMES = Object.keys(LOSSES) as LossName[];

/** Whether `getLoss` knows it by now. */
export const hasLoss = (name: string): boolean =>
  Object.hasOwn({ ...LOSSES, ...ADDED_LOSSES }, name);

/**
 * A loss by its name, with its defaults or with `config` (as `LossFunction.config` has it); a loss stays as it is.
 *
 * @throws where there is no loss of that name
 */
export function getLoss(
  loss: string | LossFunction,
  config: LossFunction['config'] = {},
): LossFunction {
  if (typeof loss !== 'string') return loss;
  const name = (SHORT_NAMES as Record<string, LossName>)[loss] ?? loss;
  if (!hasLoss(name))
    throw new Error(
      `loss: expected one of ${LOSS_NAMES.join(', ')} or an object with call(yTrue, yPred), such as losses.ctc(), got '${loss}'`,
    );
  return (ADDED_LOSSES[name] ?? (LOSSES as Record<string, MakeLoss>)[name])(config);
}
