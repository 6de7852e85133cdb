/** The names of activations that options take, checked. */
import { MAPS } from '../kernels.generated.ts';
import type { MapName } from '../kernels.generated.ts';
import { mapParts } from '../maps.ts';
import { ACTIVATION_NAMES } from '../ops/activations.ts';
import type { ActivationName } from '../ops/activations.ts';
import type { ValueMapName } from '../ops/matmul.ts';
import { oneOf } from './shapes.ts';

/** Whether a matrix product can end in it. */
export function isFused(filler: string): filler is ValueMapName {
  const [name] = mapParts(filler);
  return Object.hasOwn(MAPS, name) && MAPS[name as MapName].fromValue;
}

/** Of a cell: all that work element by element. */
export type CellActivation = Exclude<ActivationName, 'softmax' | 'logSoftmax'>;
const NAMES = ACTIVATION_NAMES.filter(
  (name): name is CellActivation => name !== 'softmax' && name !== 'logSoftmax',
);

export function cellActivation(layer: string, option: string, value: unknown): CellActivation {
  return named(layer, option, value, NAMES);
}

/** Functions that have a constant, which may stand behind the name: see activations.ts. */
const WITH_CONSTANT = /^(c?elu|hardSh.+|hardSigmoid|leakyRelu|softSh.+|squareplus)$/;

/** @throws where the value is no name, or one with a constant that its function has not */
function named<N extends string>(
  layer: string,
  option: string,
  value: unknown,
  names: readonly N[],
): N {
  const [name, constant] = mapParts(String(value));
  const isPlain = constant === undefined || !WITH_CONSTANT.test(name) || Number.isNaN(+constant);
  oneOf(layer, option, isPlain ? value : name, names);
  return value as N;
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
  return named(layer, 'activation', value, ACTIVATION_NAMES);
}
