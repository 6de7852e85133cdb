/** The names of activations that options take, checked. */
import { MAPS } from '../kernels.generated.ts';
import type { MapName } from '../kernels.generated.ts';
import { ACTIVATION_NAMES } from '../ops/activations.ts';
import type { ActivationName } from '../ops/activations.ts';
import type { ValueMapName } from '../ops/matmul.ts';
import { oneOf } from './shapes.ts';

/** Whether a matrix product can end in it. */
export function isFused(name: string): name is ValueMapName {
  return Object.hasOwn(MAPS, name) && MAPS[name as MapName].fromValue;
}

/** Of a cell: all that work element by element. */
export type CellActivation = Exclude<ActivationName, 'softmax' | 'logSoftmax'>;
const NAMES = ACTIVATION_NAMES.filter(
  (name): name is CellActivation => name !== 'softmax' && name !== 'logSoftmax',
);

export function cellActivation(layer: string, option: string, value: unknown): CellActivation {
  return oneOf(layer, option, value, NAMES);
}

/** The elementwise function of a cell's activation. */
export const mapOf = (activation: CellActivation): MapName =>
  activation === 'exponential' ? 'exp' : activation;

/** @throws Error where softmax is over one number, whose share is always 1 */
export function checkSoftmax(layer: string, activation: ActivationName, width: number): void {
  if (width === 1 && /softmax/i.test(activation))
    throw new Error(
      `${layer}: expected ${activation} over two units or more, got one, of which it makes ${activation === 'softmax' ? 1 : 0} whatever it is; use sigmoid`,
    );
}

/** Of any other layer. */
export function activationName(layer: string, value: unknown): ActivationName {
  return oneOf(layer, 'activation', value, ACTIVATION_NAMES);
}
