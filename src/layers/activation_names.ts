/** The names of activations that options take, checked. */
import { ACTIVATION_CODES } from '../activation-codes.ts';
import type { CellActivation } from '../activation-codes.ts';
import { ACTIVATION_NAMES } from '../ops/activations.ts';
import type { ActivationName } from '../ops/activations.ts';
import { oneOf } from './shapes.ts';

export type { CellActivation };
const NAMES = Object.keys(ACTIVATION_CODES) as CellActivation[];

/** Whether kernels can compute it on the way: inside a cell, or at the end of a product. */
export function isFused(name: string): name is CellActivation {
  return Object.hasOwn(ACTIVATION_CODES, name);
}

/** Of a cell. */
export function cellActivation(layer: string, option: string, value: unknown): CellActivation {
  return oneOf(layer, option, value, NAMES);
}

/** Of any other layer. */
export function activationName(layer: string, value: unknown): ActivationName {
  return oneOf(layer, 'activation', value, ACTIVATION_NAMES);
}
