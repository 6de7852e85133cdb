/**
 * The file of a saved model, opened: safetensors of the weights and the optimizer's slots. Their metadata hold the counters of training and, as
 * the entry JSON_ENTRY, what does not change in training: the layers and how the model was compiled.
 */
import type { Bytes } from '../bytes.ts';
import { decodeSafetensors } from '../formats/decode_safetensors.ts';
import { messageOf, parseJson } from '../formats/json.ts';
import { readModel } from '../formats/read_model.ts';
import type { ReadModel } from '../formats/read_model.ts';
import { isRecord } from '../formats/records.ts';
import type { HostTensor, TensorFile } from '../formats/tensor_file.ts';
import { wholeNumber } from '../layers/shapes.ts';
import { show } from '../options.ts';
import { sameShape } from '../tensor.ts';
import { FORMAT, JSON_ENTRY } from './file_names.ts';

/**
 * Where a model is loaded from: a folder (Node, Deno), an address, or the bytes of its file. A `json` beside them counts in place of
 * theirs: a model that was saved as two files, `model.json` and `model.safetensors`, needs one.
 */
export type ModelSource =
  string | URL | { readonly json?: string | object; readonly weights: Bytes };

export interface SavedFile extends TensorFile {
  readonly json: Readonly<Record<string, unknown>>;
}

/** Reads and decodes a model. Of the JSON only its format is checked. */
export async function openModel(source: ModelSource): Promise<SavedFile> {
  const isPlace = typeof source === 'string' || source instanceof URL;
  try {
    return await decode(source, isPlace ? await readModel(source) : null);
  } catch (error) {
    if (!isPlace) throw error;
    throw (await import('./foreign_files.ts')).explained(error, String(source));
  }
}

async function decode(source: ModelSource, place: ReadModel | null): Promise<SavedFile> {
  const given: Exclude<ModelSource, string | URL> = place ?? (source as never);
  const weights = (given as typeof given | null)?.weights;
  if (weights === undefined)
    throw new Error(`load: expected { weights }, a folder or an address, got ${show(source)}`);
  const file = decodeSafetensors(weights);
  let json: unknown = given.json ?? file.metadata[JSON_ENTRY] ?? (await place?.readJson());
  if (json === undefined)
    throw new Error('load: expected { json, weights } of a model of two files, got no json');
  if (typeof json === 'string')
    try {
      json = parseJson(json);
    } catch (error) {
      throw new Error(`load: model.json is not JSON (${messageOf(error)}); save the model again`);
    }
  if (!isRecord(json) || json.format !== FORMAT)
    throw new Error(`load: model.json is not a saved model (its format is not '${FORMAT}')`);
  return { json, ...file };
}

/** How far training had come: epochs, steps of the optimizer, and the seed of the order of samples and of dropout. */
export function trainingStateOf({ metadata }: SavedFile) {
  const count = (name: string): number => countOf(name, Number(metadata[name] ?? 0));
  return { epoch: count('epoch'), iterations: count('iterations'), seed: count('seed') };
}

export function countOf(name: string, value: unknown): number {
  return wholeNumber('load', `'${name}'`, value);
}

/** A file's floats of that name; throws where they are missing or of another shape. */
export function tensorOf(file: SavedFile, name: string, shape: readonly number[]): HostTensor {
  const found = file.tensors.get(name);
  if (!found) {
    const names = [...file.tensors.keys()];
    const some = names.slice(0, 6).join(', ').slice(0, 600) + (names.length > 6 ? ', …' : '');
    throw new Error(
      `load: '${name.slice(0, 200)}' is not in the file (it has ${some}); it was saved from another model`,
    );
  }
  const isInt = found.data instanceof Int32Array;
  if (!sameShape(found.shape, shape) || isInt)
    throw new Error(
      `load: expected '${name}' as float [${shape}], got ${isInt ? 'int32' : 'float'} [${found.shape}]; ` +
        'it was saved from another model',
    );
  return found;
}
