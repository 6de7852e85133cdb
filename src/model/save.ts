/**
 * A model as JSON and safetensors. The JSON holds what does not change in training: the layers and how the model was
 * compiled. The safetensors hold everything that does: weights, the optimizer's slots, and in their metadata the counters;
 * so a pair of files of which only one was renewed is never half of one state and half of another.
 */
import { DeviceError } from '../backend.ts';
import type { Device } from '../backend.ts';
import type { SavedModel } from '../formats/download.ts';
import { readModel } from '../formats/files.ts';
import { messageOf, parseJson } from '../formats/json.ts';
import { decodeSafetensors, encodeSafetensors, isRecord } from '../formats/safetensors.ts';
import type { HostTensor, TensorFile } from '../formats/safetensors.ts';
import { loadClasses, networkOptions } from '../layers/from_config.ts';
import { wholeNumber } from '../layers/shapes.ts';
import type { NetworkOptions } from '../layers/network.ts';
import type { Model } from '../model.ts';
import { sameShape } from '../tensor.ts';
import type { Variable } from '../tensor.ts';
import type { Compiled } from './compile.ts';
import { compileConfig } from './compile_config.ts';
import { needBuilt } from './options.ts';

const FORMAT = 'gatefold-model';
const VERSION = 1;

/** Where a model is loaded from: a folder (Node, Deno), an address, or the contents of the two files. */
export type ModelSource =
  string | URL | { readonly json: string | object; readonly weights: Uint8Array | ArrayBuffer };

/** How far training had come. */
export interface TrainingState {
  readonly epoch: number;
  readonly iterations: number;
  readonly seed: number;
}

export async function saveModel(model: Model, compiled: Compiled | null): Promise<SavedModel> {
  needBuilt('save', model, 'train it first');
  const json = {
    format: FORMAT,
    version: VERSION,
    seed: model.seed,
    className: model.className,
    config: model.getConfig(),
    compile: compiled && compileConfig(compiled),
  };
  const variables = stateOf(model, compiled);
  const values = await Promise.all([...variables.values()].map((variable) => variable.data()));
  const tensors = new Map<string, HostTensor>();
  [...variables].forEach(([name, { shape }], i) => tensors.set(name, { shape, data: values[i] }));
  const metadata = {
    format: FORMAT,
    epoch: String(model.epoch),
    iterations: String(compiled?.optimizer.iterations ?? 0),
    seed: String(model.trainingSeed),
    ...tuningOf(model.device),
  };
  return {
    json: JSON.stringify(json),
    weights: encodeSafetensors(tensors, metadata) as Uint8Array<ArrayBuffer>,
  };
}

/** The measured variants of a device's kernels: other ones round their sums otherwise. */
function tuningOf({ choices, description }: Device): Record<string, string> {
  return Object.keys(choices).length > 0
    ? { device: description, choices: JSON.stringify(choices) }
    : {};
}

/** Training goes on with the variants that it was saved with, if the device is of that kind; those of other sizes stay. */
function adoptTuning(device: Device, { metadata }: TensorFile): void {
  if (metadata.choices === undefined || metadata.device !== device.description) return;
  const found = parseJson(metadata.choices);
  if (isRecord(found) && Object.values(found).every((choice) => typeof choice === 'string'))
    Object.assign(device.choices, found);
}

/** Everything that training changes, by the name that it has in the file. */
function stateOf(model: Model, compiled: Compiled | null): Map<string, Variable> {
  const found = weightsOf(model);
  compiled?.optimizer.variables.forEach((variable, i) => {
    found.set(`optimizer/${i}/${variable.name}`, variable);
  });
  return found;
}

function weightsOf(model: Model): Map<string, Variable> {
  return new Map(
    [...model.namedWeights()].map(([name, variable]) => [`weights/${name}`, variable]),
  );
}

/** The contents of the files, parsed only as far as JSON goes. */
export async function readSource(
  source: ModelSource,
): Promise<{ json: object; weights: Uint8Array }> {
  const { json, weights } =
    typeof source === 'string' || source instanceof URL ? await readModel(source) : source;
  if (json === undefined || weights === undefined)
    throw new Error('load: expected { json, weights }, a folder or an address; got neither');
  const bytes = weights instanceof ArrayBuffer ? new Uint8Array(weights) : weights;
  let parsed: unknown = json;
  if (typeof json === 'string')
    try {
      parsed = parseJson(json);
    } catch (error) {
      throw new Error(`load: model.json is not JSON (${messageOf(error)}); save the model again`);
    }
  if (!isRecord(parsed) || parsed.format !== FORMAT)
    throw new Error(`load: model.json is not a saved model (its format is not '${FORMAT}')`);
  return { json: parsed, weights: bytes };
}

/** The layers of a saved model, checked by the classes that make them. */
export async function architectureOf(json: Record<string, unknown>): Promise<{
  options: NetworkOptions;
  compile: unknown;
}> {
  if (json.version !== VERSION)
    throw new Error(
      `load: model.json has version ${String(json.version)}, this library reads ${VERSION}; save it with this one`,
    );
  const { config } = json;
  if (!isRecord(config)) throw new Error('load: model.json has no config; save it again');
  const classes = await loadClasses(config);
  const options = describing(() => networkOptions(config as never, classes));
  return { options: { ...options, seed: countOf('seed', json.seed) }, compile: json.compile };
}

/** Runs what makes something of model.json; the layer that a damaged description fails in says what is wrong. */
export function describing<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof DeviceError || message.startsWith('load: ')) throw error;
    const problem =
      error instanceof TypeError || error instanceof RangeError
        ? 'a part of it is missing, or of another kind; save the model again'
        : message;
    throw new Error(`load: model.json describes no model: ${problem}`, { cause: error });
  }
}

export function trainingStateOf({ metadata }: TensorFile): TrainingState {
  const count = (name: string): number => countOf(name, Number(metadata[name] ?? 0));
  return { epoch: count('epoch'), iterations: count('iterations'), seed: count('seed') };
}

function countOf(name: string, value: unknown): number {
  return wholeNumber('load', `'${name}'`, value);
}

/** A file's floats of that name; throws where they are not there, or of another shape. */
export function tensorOf(file: TensorFile, name: string, shape: readonly number[]): HostTensor {
  const found = file.tensors.get(name);
  if (!found)
    throw new Error(
      `load: '${name}' is not in the file (it has ${some(file)}); it was saved from another model`,
    );
  if (!sameShape(found.shape, shape) || found.data instanceof Int32Array)
    throw new Error(
      `load: expected '${name}' as float [${shape}], got ${found.data instanceof Int32Array ? 'int32' : 'float'} [${found.shape}]; ` +
        'it was saved from another model',
    );
  return found;
}

/**
 * Assigns a file's numbers to a model: all of them, or on any error none.
 *
 * @param what `weights` leaves the optimizer alone
 */
export function assignState(
  model: Model,
  compiled: Compiled | null,
  file: TensorFile,
  what: 'weights' | 'everything',
): void {
  const expected = what === 'weights' ? weightsOf(model) : stateOf(model, compiled);
  const checked = new Map<Variable, HostTensor>();
  for (const [name, variable] of expected)
    checked.set(variable, tensorOf(file, name, variable.shape));
  for (const name of file.tensors.keys())
    if (!expected.has(name) && (what === 'everything' || name.startsWith('weights/')))
      throw new Error(
        `load: the file has '${name}', the model has not; it was saved from another model`,
      );
  for (const [variable, { data }] of checked) variable.assign(data);
}

/**
 * Gives a model what a file holds: weights, and with `compiled` the optimizer's slots where the file has them, counters
 * and epoch.
 */
export async function restoreModel(
  model: Model,
  compiled: Compiled | null,
  source: ModelSource,
): Promise<void> {
  needBuilt('load', model, 'use loadModel()');
  const { weights } = await readSource(source);
  const file = decodeSafetensors(weights);
  const training = trainingStateOf(file);
  const hasSlots = [...file.tensors.keys()].some((name) => name.startsWith('optimizer/'));
  if (!compiled || !hasSlots) assignState(model, null, file, 'weights');
  else {
    compiled.optimizer.build(model.trainableWeights);
    assignState(model, compiled, file, 'everything');
    compiled.optimizer.iterations = training.iterations;
  }
  adoptTuning(model.device, file);
  if (!compiled) return;
  model.epoch = training.epoch;
  model.trainingSeed = training.seed;
}

function some({ tensors }: TensorFile): string {
  const names = [...tensors.keys()];
  return names.slice(0, 6).join(', ') + (names.length > 6 ? ', …' : '');
}
