/** Twin of shaders/lib/activations.wgsl: the activations that kernels compute on the way, by code. */
import { ACTIVATION_CODES } from '../activation-codes.ts';
import type { CellActivation } from '../activation-codes.ts';
import { MAP_TWINS } from './slots.generated.ts';

const NAMES = Object.keys(ACTIVATION_CODES) as CellActivation[];

export function activate(kind: number, x: number): number {
  return MAP_TWINS[NAMES[kind]].map(x, 0, 0);
}

/** The derivative at x, from the activated value y = activate(kind, x). */
export function activateGradient(kind: number, y: number): number {
  return MAP_TWINS[NAMES[kind]].gradient!(y, 0, 0);
}
