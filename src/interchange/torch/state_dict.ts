/** The tensors of a module of PyTorch by their names, from whatever kind of file they are in. */
import type { FileTensor } from '../elements.ts';
import { readSafetensors, safetensorsIn } from '../safetensors.ts';
import { openFile } from '../source.ts';
import type { FileSource, ReadOptions } from '../source.ts';
import { isZip, listed } from '../zip.ts';
import { isLegacyTorch, torchValue } from './read.ts';
import type { TorchValue } from './read.ts';

/** The tensors of a PyTorch model by their names. */
export type StateDict = ReadonlyMap<string, FileTensor>;

/** Options of `readStateDict`. */
export interface StateDictOptions extends ReadOptions {
  /** Where in a checkpoint the state_dict is: 'model', or ['model', 'encoder'] for one in another. */
  key?: string | readonly string[];
}

export async function readStateDict(
  source: FileSource,
  options: StateDictOptions = {},
): Promise<StateDict> {
  const file = await openFile('readStateDict', source, options, ['key']);
  const { key = [], ...reading } = options;
  if (/\.json$/.test(file.name)) return (await readSafetensors(source, reading)).tensors;
  const bytes = await file.whole();
  if (isZip(bytes) || isLegacyTorch(bytes))
    return stateDictOf(file.name, await torchValue(file.name, bytes), [key].flat());
  return safetensorsIn(file.name, bytes).tensors;
}

const isTensor = (value: unknown): value is FileTensor =>
  typeof value === 'object' && value !== null && 'data' in value && 'shape' in value;
const isDictionary = (value: TorchValue): value is ReadonlyMap<unknown, TorchValue> =>
  value instanceof Map;
const isStateDict = (value: TorchValue): value is StateDict =>
  isDictionary(value) &&
  value.size > 0 &&
  [...value].every(([name, item]) => typeof name === 'string' && isTensor(item));

function stateDictOf(file: string, root: TorchValue, keys: readonly string[]): StateDict {
  let value = root;
  for (const key of keys) {
    const found = isDictionary(value) ? value.get(key) : undefined;
    if (found === undefined)
      throw new Error(
        `${file}: expected '${key}' in the file, got ${isDictionary(value) ? listed([...value.keys()].map(String)) : 'no dictionary'}`,
      );
    value = found;
  }
  if (isStateDict(value)) return value;
  const inside = isDictionary(value)
    ? [...value].filter(([, item]) => isStateDict(item)).map(([name]) => String(name))
    : [];
  const got = isDictionary(value) ? listed([...value.keys()].map(String)) : 'no dictionary';
  throw new Error(
    `${file}: expected a state_dict, tensors by their names, got ${got}; ` +
      (inside.length > 0
        ? `pass { key: '${inside[0]}' }${inside.length > 1 ? ` or one of ${listed(inside.slice(1))}` : ''}`
        : 'save model.state_dict()'),
  );
}
