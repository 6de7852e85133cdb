/** Twin of shaders/lib/activations.wgsl: the activations that kernels compute on the way, by code. */
import { ACTIVATION_CODES } from '../activation-codes.ts';
import type { CellActivation } from '../activation-codes.ts';
import { FUNCTIONS } from './unary.ts';
import { DERIVATIVES } from './unary_gradient.ts';

const NAMES = Object.keys(ACTIVATION_CODES) as CellActivation[];

export function activate(kind: number, x: number): number {
  const name = NAMES[kind];
  return name === 'linear' ? x : FUNCTIONS[name](x, 0, 0);
}

/** The derivative at x, from the activated value y = activate(kind, x). */
export function activateGradient(kind: number, y: number): number {
  const name = NAMES[kind];
  return name === 'linear' ? 1 : DERIVATIVES[name](y, 0, 0);
}
