/**
 * Losses by Keras 3's names, defaults and formulas. Made by functions: `losses.huber({ delta: 2 })`.
 *
 * @module
 */
import { findName, hasCall, meant, needCalled } from '../create_by_name.ts';
import type { Spelled } from '../create_by_name.ts';
import { show } from '../options.ts';
import { ADDED_LOSSES, lossOf } from './loss.ts';
import type { LossFunction, MakeLoss, OwnFunction } from './loss.ts';
import * as named from './named.ts';

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
export type { LossFunction, LossOptions, OwnFunction, Reduction } from './loss.ts';

const LOSSES = { ...named };
type Key = keyof typeof LOSSES;
/** In camelCase or, as in Keras, in snake_case, and the short names of Keras. `ctc` and `mixtureDensity` once the program has made one. */
export type LossName = Spelled<Key | 'ctc' | 'mixtureDensity'>;
/** What stands for a loss: its name, what a function of `losses` makes, or a function of your own. */
export type LossOption = LossName | LossFunction | OwnFunction;
/** All names of losses in camelCase. */
export const LOSS_NAMES = Object.keys(LOSSES) as Key[];

const known = (): Record<string, MakeLoss> => ({ ...(LOSSES as object), ...ADDED_LOSSES });

/** Whether there is a loss of that very name by now. */
export const hasLoss = (name: string): boolean => Object.hasOwn(known(), name);

/** The function that makes the loss of a name; undefined where there is none. */
export function findLoss(name: unknown): MakeLoss | undefined {
  const losses = known();
  const key = findName(losses, name);
  return key === undefined ? undefined : losses[key];
}

/**
 * A loss by its name, with its defaults or with `config` (as `LossFunction.config` has it); a loss stays as it is, and a function of your own
 * becomes one.
 *
 * @throws where there is no loss of that name, or something else was given
 */
export function getLoss(loss: LossOption, config: LossFunction['config'] = {}): LossFunction {
  if (typeof loss === 'function') {
    needCalled('loss', LOSSES, loss);
    return lossOf(loss);
  }
  if (hasCall(loss)) return loss as LossFunction;
  const make = findLoss(loss);
  if (make) return make(config);
  throw new Error(
    `loss: expected one of ${LOSS_NAMES.join(', ')}, a function of yTrue and yPred, or what a function of losses makes, such as losses.ctc(), ` +
      `got ${show(loss)}${meant(loss, known())}`,
  );
}
