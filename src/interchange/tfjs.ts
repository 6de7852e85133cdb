/** Layers models of TensorFlow.js: `model.json` and the files of weights beside it. Their layers are those of Keras 2. */
import { excerpt, show } from '../options.ts';
import { parseJson } from '../formats/json.ts';
import { isRecord } from '../formats/records.ts';
import type { Network } from '../layers/network.ts';
import type { Model } from '../model/model.ts';
import { sizeOf } from '../tensor.ts';
import { floats } from './arrays.ts';
import type { Floats } from './arrays.ts';
import { decodeElements, ELEMENT_BYTES, toFloat32 } from './elements.ts';
import type { ElementType } from './elements.ts';
import { modelOf } from './keras/load.ts';
import type { KerasOptions } from './keras/load.ts';
import { assign, orderOf } from './keras/weights.ts';
import type { Assignments, Origin } from './keras/weights.ts';
import { beside } from './safetensors.ts';
import { openFile } from './source.ts';
import type { FileSource } from './source.ts';
import { listed } from './zip.ts';

/** The path or the address of model.json, or all the files: those of an input element, or by their names. */
export type TfjsSource = string | URL | readonly File[] | Readonly<Record<string, FileSource>>;

/** Options of `loadTfjs`. */
export type TfjsOptions = Omit<KerasOptions, 'compile'>;

const OWN = ['device', 'customLayers', 'warn'];

type Json = Readonly<Record<string, unknown>>;

export async function loadTfjs(source: TfjsSource, options: TfjsOptions = {}): Promise<Model> {
  const place = (path: string): FileSource => sourceOf(source, path);
  const file = await openFile('loadTfjs', place('model.json'), options, OWN);
  const found = describe(file.name, new TextDecoder().decode(await file.whole()));
  const weights = await weightsOf(file.name, found.manifest, place, options);
  const size = [...weights.values()].reduce((sum, { data }) => sum + data.length, 0);
  const source_ = {
    file: file.name,
    era: 'tfjs' as const,
    description: found.topology,
    compile: null,
    bytes: 2 * size,
    asset: () => Promise.resolve(null),
    weights: (model: Model, origin: Origin) => Promise.resolve(named(origin, model, weights)),
    optimizer: () => Promise.resolve(null),
  };
  return modelOf(source_, options);
}

function sourceOf(source: TfjsSource, path: string): FileSource {
  const isModel = path === 'model.json';
  if (typeof source === 'string') return isModel ? source : beside(source, path);
  if (source instanceof URL) return isModel ? source : new URL(path, source);
  const files: Readonly<Record<string, FileSource>> = Array.isArray(source)
    ? Object.fromEntries((source as readonly File[]).map((one) => [one.name, one]))
    : (source as Readonly<Record<string, FileSource>>);
  const name = isModel ? (Object.keys(files).find((one) => one.endsWith('.json')) ?? path) : path;
  if (!Object.hasOwn(files, name))
    throw new Error(
      `loadTfjs: expected '${excerpt(name, 300)}' among the files, got ${listed(Object.keys(files))}`,
    );
  return files[name];
}

/** What a model.json says: the layers, and where the weights are. */
function describe(file: string, text: string): { topology: unknown; manifest: unknown } {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    throw new Error(`${file}: expected JSON (${(error as Error).message})`, { cause: error });
  }
  const { format, modelTopology: topology, weightsManifest: manifest } = isRecord(json) ? json : {};
  if (format === 'graph-model' || (isRecord(topology) && 'node' in topology))
    throw new Error(
      `${file}: expected a layers model, got a graph model, whose layers are taken apart into operations; ` +
        'convert the original to Keras or to a layers model, or export it as ONNX',
    );
  if (!isRecord(topology))
    throw new Error(`${file}: expected a model of TensorFlow.js, with a modelTopology`);
  // As TensorFlow.js saves it, and as its converter does.
  return { topology: topology.model_config ?? topology, manifest };
}

// ---- weights --------------------------------------------------------------------------------------------------------------

const TYPES: Readonly<Record<string, ElementType>> = {
  ...({ float32: 'float32', float16: 'float16', int32: 'int32', uint8: 'uint8' } as const),
  ...({ uint16: 'uint16', bool: 'bool' } as const),
};

async function weightsOf(
  file: string,
  manifest: unknown,
  place: (path: string) => FileSource,
  options: TfjsOptions,
): Promise<Map<string, Floats>> {
  const groups = Array.isArray(manifest) ? (manifest as unknown[]) : [];
  const weights = new Map<string, Floats>();
  for (const group of groups) {
    const { paths, weights: specs } = isRecord(group) ? group : {};
    if (!Array.isArray(paths) || !Array.isArray(specs))
      throw new Error(`${file}: expected a weightsManifest of paths and weights`);
    const shards: Uint8Array[] = [];
    for (const path of paths as unknown[]) {
      if (typeof path !== 'string' || !/^[\w][\w.-]*$/.test(path))
        throw new Error(`${file}: expected files of weights beside it, got ${show(path)}`);
      shards.push(await (await openFile('loadTfjs', place(path), options, OWN)).whole());
    }
    const bytes = new Uint8Array(await new Blob(shards as BlobPart[]).arrayBuffer());
    let at = 0;
    for (const spec of specs as unknown[]) {
      const { name, length, values } = weightOf(file, isRecord(spec) ? spec : {}, bytes, at);
      if (weights.has(name))
        throw new Error(`${file}: expected weight '${name}' once, got it twice`);
      weights.set(name, values);
      at += length;
    }
    if (at !== bytes.length)
      throw new Error(
        `${file}: expected ${at} bytes in ${listed(paths as string[])}, got ${bytes.length}; a file is damaged or missing`,
      );
  }
  return weights;
}

function weightOf(file: string, spec: Json, bytes: Uint8Array, at: number) {
  const { name, shape, dtype, quantization } = spec;
  const isShape =
    Array.isArray(shape) && shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0);
  if (typeof name !== 'string' || !isShape)
    throw new Error(`${file}: expected weights with name and shape, got ${show(spec)}`);
  const packed = isRecord(quantization) ? quantization : null;
  const stored = packed?.dtype ?? dtype;
  if (typeof stored !== 'string' || !Object.hasOwn(TYPES, stored))
    throw new Error(
      `${file}: expected weight '${name}' of ${Object.keys(TYPES).join(', ')}, got ${show(stored)}`,
    );
  const type = TYPES[stored];
  const size = sizeOf(shape as number[]);
  const length = size * ELEMENT_BYTES[type];
  if (!(at + length <= bytes.length))
    throw new Error(
      `${file}: expected ${length} bytes of '${name}' [${shape as number[]}] from byte ${at} of the weights on, got ${bytes.length - at}`,
    );
  const data = decodeElements(type, bytes.subarray(at, at + length));
  const values = toFloat32({ type, shape: shape as number[], data });
  const { scale, min } = packed ?? {};
  if (typeof scale === 'number' && typeof min === 'number')
    return {
      name,
      length,
      values: floats(
        shape as number[],
        values.map((code) => code * scale + min),
      ),
    };
  return { name, length, values: floats(shape as number[], values) };
}

/** `bidirectional/forward_lstm/lstm_cell/kernel`: the layer, the direction and the weight tell which it is, what lies between differs. */
function keyOf(name: string): string {
  const steps = name.replace(/:0$/, '').split('/');
  const direction = steps.map((step) => /^(forward|backward)_/.exec(step)?.[1]).find(Boolean);
  return [steps[0], direction ?? '', steps.at(-1)].join('/');
}

/** Weights by their names; several of one name in a layer, as of stacked cells, in their order. */
function named(
  origin: Origin,
  network: Network,
  weights: ReadonlyMap<string, Floats>,
): Assignments {
  const left = new Map<string, Floats[]>();
  for (const [name, values] of weights) {
    const key = keyOf(name);
    left.set(key, [...(left.get(key) ?? []), values]);
  }
  const found: Assignments = [];
  for (const layer of orderOf(network, origin))
    for (const [inner, variable] of layer.namedWeights()) {
      const place = `${layer.name}/${inner}`;
      const values = left.get(keyOf(place))?.shift();
      if (!values)
        throw new Error(
          `${origin.file}: expected weight '${excerpt(place, 300)}', got ${listed([...weights.keys()])}`,
        );
      found.push(...assign(origin, place, [variable], [values]));
    }
  for (const [key, values] of left)
    if (values.length > 0)
      throw new Error(`${origin.file}: expected weights of the layers alone, got '${key}' too`);
  return found;
}
