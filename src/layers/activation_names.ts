/** The names of activations that options take, checked. */
import { ACTIVATION_CODES } from '../activation-codes.ts';
import type { CellActivation } from '../activation-codes.ts';
import { MAPS } from '../kernels.generated.ts';
import type { MapName } from '../kernels.generated.ts';
import { ACTIVATION_NAMES } from '../ops/activations.ts';
import type { ActivationName } from '../ops/activations.ts';
import type { ValueMapName } from '../ops/matmul.ts';
import { oneOf } from './shapes.ts';

export type { CellActivation };
const NAMES = Object.keys(ACTIVATION_CODES) as CellActivation[];

/** Whether a matrix product can end in it. */
export function isFused(name: string): name is ValueMapName {
  return Object.hasOwn(MAPS, name) && MAPS[name as MapName].fromValue;
}

/** Of a cell. */
export function cellActivation(layer: string, option: string, value: unknown): CellActivation {
  return oneOf(layer, option, value, NAMES);
}

/** Of any other layer. */
export function activationName(layer: string, value: unknown): ActivationName {
  return oneOf(layer, 'activation', value, ACTIVATION_NAMES);
}
