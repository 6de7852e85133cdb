/**
 * Optimizers by Keras 3's names, defaults and formulas. Made by functions: `optimizers.adam({ learningRate: 0.01 })`.
 *
 * @module
 */
import { createByName } from '../create_by_name.ts';
import { adadelta } from './adadelta.ts';
import { adagrad } from './adagrad.ts';
import { adam, adamw } from './adam.ts';
import { adamax } from './adamax.ts';
import { nadam } from './nadam.ts';
import { Optimizer } from './optimizer.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

export { adadelta, adagrad, adam, adamax, adamw, nadam, rmsprop, sgd };
export { Optimizer };
export type { Adadelta, AdadeltaOptions } from './adadelta.ts';
export type { Adagrad, AdagradOptions } from './adagrad.ts';
export type { Adam, AdamOptions, MomentOptions } from './adam.ts';
export type { Adamax } from './adamax.ts';
export type { Nadam } from './nadam.ts';
export type { RMSprop, RMSpropOptions } from './rmsprop.ts';
export type { SGD, SGDOptions } from './sgd.ts';
export { StepGuard } from './guard.ts';
export type { OptimizerOptions, ScheduleConfig } from './optimizer.ts';
// As in Keras: `optimizers.schedules.cosineDecay(...)`.
export * as schedules from './schedules.ts';

const FACTORIES = { sgd, rmsprop, adam, adamw, adagrad, adadelta, adamax, nadam };
/** The names of optimizers, for `compile({ optimizer: 'adam' })`: as they are called here, or as Keras calls the classes. */
export type OptimizerName =
  | keyof typeof FACTORIES
  | ('SGD' | 'RMSprop' | 'Adam' | 'AdamW' | 'Adagrad' | 'Adadelta' | 'Adamax' | 'Nadam');

/**
 * The optimizer of a name, of what `getConfig` gave, or the one that is given.
 *
 * @throws where there is none of that name, or something else was given
 */
export function getOptimizer(
  identifier: OptimizerName | { readonly name: string } | Optimizer,
): Optimizer {
  if (identifier instanceof Optimizer) return identifier;
  return createByName('optimizer', FACTORIES, identifier, 'an optimizer or ');
}
