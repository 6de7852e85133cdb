/** What is in the file of a saved model, by name. */
import type { Network } from '../layers/network.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { Variable } from '../tensor.ts';

export const FORMAT = 'gatefold-model';
export const VERSION = 1;
/** In the metadata. It has the name of the file that it used to be. */
export const JSON_ENTRY = 'model.json';

/** Weights by their names in a file. */
export function weightsOf(network: Network): Map<string, Variable> {
  return prefixed('weights/', network.namedWeights());
}

/** The optimizer's slots by their names in a file. */
export function slotsOf({ variables }: Optimizer): Map<string, Variable> {
  return prefixed(
    'optimizer/',
    variables.map((variable, i) => [`${i}/${variable.name}`, variable] as const),
  );
}

function prefixed(prefix: string, named: Iterable<readonly [string, Variable]>) {
  return new Map([...named].map(([name, variable]) => [prefix + name, variable]));
}
