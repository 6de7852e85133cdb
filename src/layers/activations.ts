/** The activations that a cell can compute inside its kernel. */
import { ACTIVATION_CODES } from '../activation-codes.ts';
import type { CellActivation } from '../activation-codes.ts';
import { oneOf } from './shapes.ts';

export type { CellActivation };
const NAMES = Object.keys(ACTIVATION_CODES) as CellActivation[];

export function isFused(name: string): name is CellActivation {
  return Object.hasOwn(ACTIVATION_CODES, name);
}

export function cellActivation(layer: string, option: string, value: unknown): CellActivation {
  return oneOf(layer, option, value, NAMES);
}
