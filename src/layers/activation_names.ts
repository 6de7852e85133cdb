/** The names of activations that options take, checked. */
import { MAPS } from '../kernels.generated.ts';
import type { MapName } from '../kernels.generated.ts';
import { mapParts } from '../maps.ts';
import type { Spelled } from '../create_by_name.ts';
import { ACTIVATION_NAMES, findActivation } from '../ops/activations.ts';
import type { Activation, ActivationName } from '../ops/activations.ts';
import type { ValueMapName } from '../ops/matmul.ts';

/** Whether a matrix product can end in it. */
export function isFused(filler: string): filler is ValueMapName {
  const [name] = mapParts(filler);
  return Object.hasOwn(MAPS, name) && MAPS[name as MapName].fromValue;
}

/** What the option `activation` takes; null, as in Keras, for none: the output is linear. */
export type ActivationOption = ActivationName | null;

/** Of a cell: all that work element by element. */
export type CellActivation = Exclude<Activation, 'softmax' | 'logSoftmax'>;
/** What the option `activation` of a cell takes; null for none. */
export type CellActivationOption = Spelled<CellActivation> | null;
const NAMES = ACTIVATION_NAMES.filter(
  (name): name is CellActivation => name !== 'softmax' && name !== 'logSoftmax',
);

/** @param value of the option; `otherwise` where it is left out */
export function cellActivation(
  layer: string,
  option: string,
  value: unknown,
  otherwise: CellActivation,
): CellActivation {
  const given = value === undefined ? otherwise : (value ?? 'linear');
  return findActivation(layer, option, given, NAMES);
}

/** The elementwise function of a cell's activation. */
export const mapOf = (activation: CellActivation): MapName =>
  activation === 'exponential' ? 'exp' : activation;

/** @throws Error where softmax is over one number, whose share is always 1 */
export function checkSoftmax(layer: string, activation: ActivationName, width: number): void {
  if (width === 1 && /softmax/i.test(activation))
    throw new Error(
      `${layer}: expected ${activation} over two units or more, got one, of which it makes the same number always; use sigmoid`,
    );
}

/** Of any other layer. @param width of its output, where that is known */
export function activationName(layer: string, value: unknown, width = 2): Activation {
  const name = findActivation(layer, 'activation', value, ACTIVATION_NAMES);
  checkSoftmax(layer, name, width);
  return name;
}
