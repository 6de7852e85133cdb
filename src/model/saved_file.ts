/**
 * The two files of a saved model, opened. The JSON holds what does not change in training: the layers and how the model was
 * compiled. The safetensors hold everything that does: weights, the optimizer's slots, and in their metadata the counters;
 * so where only one of the two files was renewed, the numbers still belong together.
 */
import { readModel } from '../formats/files.ts';
import { messageOf, parseJson } from '../formats/json.ts';
import { decodeSafetensors, isRecord } from '../formats/safetensors.ts';
import type { HostTensor, TensorFile } from '../formats/safetensors.ts';
import { wholeNumber } from '../layers/shapes.ts';
import { sameShape } from '../tensor.ts';

export const FORMAT = 'gatefold-model';
export const VERSION = 1;

/** Where a model is loaded from: a folder (Node, Deno), an address, or the contents of the two files. */
export type ModelSource =
  string | URL | { readonly json: string | object; readonly weights: Uint8Array | ArrayBuffer };

export interface SavedFile extends TensorFile {
  readonly json: Readonly<Record<string, unknown>>;
}

/** Reads and decodes a model. Of the JSON only its format is checked. */
export async function openModel(source: ModelSource): Promise<SavedFile> {
  const { json, weights } =
    typeof source === 'string' || source instanceof URL ? await readModel(source) : source;
  if (json === undefined || weights === undefined)
    throw new Error('load: expected { json, weights }, a folder or an address; got neither');
  let parsed: unknown = json;
  if (typeof json === 'string')
    try {
      parsed = parseJson(json);
    } catch (error) {
      throw new Error(`load: model.json is not JSON (${messageOf(error)}); save the model again`);
    }
  if (!isRecord(parsed) || parsed.format !== FORMAT)
    throw new Error(`load: model.json is not a saved model (its format is not '${FORMAT}')`);
  const bytes = weights instanceof ArrayBuffer ? new Uint8Array(weights) : weights;
  return { json: parsed, ...decodeSafetensors(bytes) };
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
    const some = names.slice(0, 6).join(', ') + (names.length > 6 ? ', …' : '');
    throw new Error(
      `load: '${name}' is not in the file (it has ${some}); it was saved from another model`,
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
