/** From a saved file back into variables. */
import type { Device } from '../backend.ts';
import { messageOf, parseJson } from '../formats/json.ts';
import { isRecord } from '../formats/records.ts';
import type { Network } from '../layers/network.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { Variable } from '../tensor.ts';
import { slotsOf, weightsOf } from './file_names.ts';
import { tensorOf, trainingStateOf } from './saved_file.ts';
import type { SavedFile } from './saved_file.ts';

/**
 * Assigns the numbers of a file to the weights of `network` and, where the file has slots, to those of `optimizer`, which
 * continues at the file's step: all of them or, on any error, none.
 *
 * @param optimizer null takes weights alone
 * @param upload false where the weights were made from this file already: they are checked only
 */
export function restoreVariables(
  file: SavedFile,
  network: Network,
  optimizer: Optimizer | null,
  { upload = true } = {},
): void {
  const weights = weightsOf(network);
  const hasSlots = [...file.tensors.keys()].some((name) => name.startsWith('optimizer/'));
  const { iterations } = trainingStateOf(file);
  if (hasSlots || iterations > 0) optimizer?.build(network.trainableWeights);
  // An optimizer that has no slots, such as SGD without momentum, continues as well.
  const continued = hasSlots || optimizer?.variables.length === 0 ? optimizer : null;
  const slots = continued ? slotsOf(continued) : new Map<string, Variable>();
  const expected = [...weights, ...slots].map(
    ([name, variable]) => [name, variable, tensorOf(file, name, variable.shape)] as const,
  );
  for (const name of file.tensors.keys())
    if (!weights.has(name) && !slots.has(name) && (continued || name.startsWith('weights/')))
      throw new Error(
        `load: the file has '${name}', the model has not; it was saved from another model`,
      );
  for (const [name, variable, { data }] of expected)
    if (upload || slots.has(name)) variable.assign(data);
  if (continued) continued.iterations = iterations;
}

/**
 * The variants of kernels that a model was trained with, where the device is of the same kind.
 *
 * @throws Error where they are damaged
 */
export function choicesIn({ metadata }: SavedFile, device: Device): Record<string, string> {
  const { choices } = metadata;
  if (choices === undefined || metadata.device !== device.description) return {};
  try {
    const found = parseJson(choices);
    if (!isRecord(found)) throw new Error('it is no object');
    const named = Object.entries(found).filter(([, name]) => typeof name === 'string');
    return Object.fromEntries(named) as Record<string, string>;
  } catch (error) {
    throw new Error(`load: 'choices' is damaged (${messageOf(error)}); save the model again`);
  }
}

/** Takes them over. Choices for other sizes stay. */
export function adoptChoices(
  { choices, adopted }: Device,
  found: Readonly<Record<string, string>>,
): void {
  Object.assign(choices, found);
  if (adopted) Object.assign(adopted, found);
}
