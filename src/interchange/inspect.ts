/** What is in a file, without making anything of it: layers, and tensors with their shapes, types and sizes. */
import { parseJson } from '../formats/json.ts';
import { isRecord } from '../formats/records.ts';
import { Bytes } from './bytes.ts';
import { ELEMENT_BYTES } from './elements.ts';
import type { FileTensor } from './elements.ts';
import { isHdf5, openHdf5, textsOf } from './hdf5/objects.ts';
import type { Hdf5Group } from './hdf5/objects.ts';
import { arraysIn } from './npz.ts';
import { isOnnx, onnxFacts } from './onnx/facts.ts';
import { safetensorsIn } from './safetensors.ts';
import { openFile } from './source.ts';
import type { FileSource, ReadOptions } from './source.ts';
import { isLegacyTorch, torchValue } from './torch/read.ts';
import { isZip, openZip } from './zip.ts';

/** What `inspectFile` finds in a file. */
export interface FileFacts {
  /** What it is, in words: 'Keras 3.15.1, Sequential'. */
  readonly kind: string;
  /** Of a model: names with the models and wrappers that they are in, `encoder/lstm`, and classes. */
  readonly layers: readonly { readonly name: string; readonly className: string }[];
  /** In the order of the file. */
  readonly tensors: readonly TensorFacts[];
  /** What else is in the file, by names. */
  readonly others: readonly string[];
}

/** A tensor of a file, without its values. */
export interface TensorFacts {
  /** As it stands in the file. */
  readonly name: string;
  /** Empty of a single number. */
  readonly shape: readonly number[];
  /** Of its elements: float32, int64, … */
  readonly type: string;
  /** What its values take in the file, before any compression. */
  readonly bytes: number;
}

const textOf = (value: unknown, otherwise: string): string =>
  typeof value === 'string' ? value : otherwise;
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const NOTHING = { layers: [], tensors: [], others: [] };
const MAX_DEPTH = 50;

export async function inspectFile(
  source: FileSource,
  options: ReadOptions = {},
): Promise<FileFacts> {
  const file = await openFile('inspectFile', source, options);
  const bytes = await file.whole();
  if (isHdf5(bytes)) return ofHdf5(file.name, bytes);
  if (isZip(bytes)) return ofArchive(file.name, bytes);
  if (isOnnx(bytes)) return onnxFacts(file.name, bytes);
  if (isLegacyTorch(bytes)) return ofTorch(file.name, bytes);
  if (new Bytes('', bytes).has(0, '\x93NUMPY'))
    return { ...NOTHING, kind: 'NumPy array', tensors: factsOf(await arraysIn(file.name, bytes)) };
  if (bytes[0] === '{'.charCodeAt(0)) return ofJson(file.name, new TextDecoder().decode(bytes));
  if (bytes[8] === '{'.charCodeAt(0)) return ofSafetensors(file.name, bytes);
  throw new Error(
    `${file.name}: expected a file of Keras, PyTorch, ONNX, TensorFlow.js, NumPy, RTNeural or safetensors, got another one`,
  );
}

const sizeOf = (shape: readonly number[], type: string): number =>
  shape.reduce((a, b) => a * b, 1) * ((ELEMENT_BYTES as Record<string, number>)[type] ?? 0);

function factsOf(tensors: Iterable<readonly [string, FileTensor]>): TensorFacts[] {
  return [...tensors].map(([name, { shape, type }]) => ({
    name,
    shape,
    type,
    bytes: sizeOf(shape, type),
  }));
}

// ---- containers -----------------------------------------------------------------------------------------------------------

async function ofArchive(name: string, bytes: Uint8Array): Promise<FileFacts> {
  const archive = openZip(name, bytes);
  const paths = [...archive.sizes.keys()];
  const text = async (path: string) => new TextDecoder().decode(await archive.read(path));
  if (archive.sizes.has('config.json')) {
    const config = json(name, await text('config.json'));
    const facts = archive.sizes.has('metadata.json') ? json(name, await text('metadata.json')) : {};
    const version = isRecord(facts) ? textOf(facts.keras_version, '3') : '3';
    const weights = 'model.weights.h5';
    const root = archive.sizes.has(weights)
      ? openHdf5(`${name} (${weights})`, await archive.read(weights))
      : null;
    return {
      kind: `Keras ${version}, ${classOf(config)}`,
      layers: layersIn(config),
      tensors: root ? datasetsIn(root) : [],
      others: paths.filter((path) => !['config.json', 'metadata.json', weights].includes(path)),
    };
  }
  if (paths.length > 0 && paths.every((path) => path.endsWith('.npy')))
    return { ...NOTHING, kind: 'NumPy arrays', tensors: factsOf(await arraysIn(name, bytes)) };
  return ofTorch(name, bytes);
}

async function ofTorch(name: string, bytes: Uint8Array): Promise<FileFacts> {
  const tensors: [string, FileTensor][] = [];
  const others: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (value instanceof Map)
      for (const [key, item] of value as Map<unknown, unknown>)
        visit(item, path === '' ? String(key) : `${path}/${String(key)}`);
    else if (Array.isArray(value)) value.forEach((item, i) => visit(item, `${path}/${i}`));
    else if (isRecord(value) && 'shape' in value)
      tensors.push([path, value as unknown as FileTensor]);
    else others.push(`${path}: ${String(value).slice(0, 60)}`);
  };
  visit(await torchValue(name, bytes), '');
  return { kind: 'PyTorch', layers: [], tensors: factsOf(tensors), others };
}

function ofSafetensors(name: string, bytes: Uint8Array): FileFacts {
  const { tensors, metadata } = safetensorsIn(name, bytes);
  const own = metadata['model.json'] === undefined ? null : json(name, metadata['model.json']);
  const config = isRecord(own) && isRecord(own.config) ? own.config : null;
  return {
    kind: config
      ? `Gatefold, ${String((own as Record<string, unknown>).className)}`
      : 'safetensors',
    layers: config ? ownLayers(config) : [],
    tensors: factsOf(tensors),
    others: Object.entries(metadata)
      .filter(([key]) => key !== 'model.json')
      .map(([key, value]) => `${key}: ${value.slice(0, 60)}`),
  };
}

function ofJson(name: string, text: string): FileFacts {
  const value = json(name, text);
  if (!isRecord(value)) throw new Error(`${name}: expected a model in JSON, got something else`);
  if (value.format === 'graph-model') return { ...NOTHING, kind: 'TensorFlow.js graph model' };
  if (isRecord(value.weight_map)) {
    const files = [...new Set(Object.values(value.weight_map).map(String))];
    const count = Object.keys(value.weight_map).length;
    return { ...NOTHING, kind: `index of ${count} tensors in safetensors files`, others: files };
  }
  const topology = value.modelTopology;
  if (isRecord(topology)) {
    const config = topology.model_config ?? topology;
    return {
      kind: `TensorFlow.js layers model, ${classOf(config)}`,
      layers: layersIn(config),
      tensors: manifestOf(value.weightsManifest),
      others: [],
    };
  }
  if (isRecord(value.config))
    return {
      ...NOTHING,
      kind: `Gatefold, ${String(value.className)}`,
      layers: ownLayers(value.config),
    };
  const { layers: list, state_dict: state = value } = value;
  if (Array.isArray(list)) {
    const layers = list.map((layer, i) => ({
      name: String(i),
      className: isRecord(layer) ? String(layer.type) : '?',
    }));
    const tensors = list.flatMap((layer, i) =>
      isRecord(layer) && Array.isArray(layer.weights)
        ? layer.weights.map((item, k) => nestedFacts(`${i}/${k}`, item))
        : [],
    );
    return { kind: "RTNeural, Keras' weights", layers, tensors, others: [] };
  }
  if (!isRecord(state)) throw new Error(`${name}: expected layers or a state_dict`);
  const tensors = Object.entries(state).flatMap(([key, item]) =>
    Array.isArray(item) ? [nestedFacts(key, item)] : [],
  );
  return { kind: "RTNeural, PyTorch's weights", layers: [], tensors, others: [] };
}

function nestedFacts(name: string, value: unknown): TensorFacts {
  const shape: number[] = [];
  for (let inner = value; Array.isArray(inner); inner = inner[0] as unknown)
    shape.push(inner.length);
  return { name, shape, type: 'float32', bytes: sizeOf(shape, 'float32') };
}

function json(name: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new Error(`${name}: expected JSON (${(error as Error).message})`, { cause: error });
  }
}

async function ofHdf5(name: string, bytes: Uint8Array): Promise<FileFacts> {
  const root = openHdf5(name, bytes);
  const text = async (key: string) => (await textsOf(root, key, name))?.[0];
  const config = await text('model_config');
  const version = (await text('keras_version')) ?? '';
  const model = config === undefined ? null : json(name, config);
  return {
    kind: model ? `Keras ${version}, ${classOf(model)}, HDF5` : 'HDF5',
    layers: layersIn(model),
    tensors: datasetsIn(root),
    others: [...root.attributes.keys()],
  };
}

function datasetsIn(group: Hdf5Group): TensorFacts[] {
  const own = [...group.datasets.values()].map(({ path, shape, type }) => ({
    name: path.slice(1),
    shape,
    type,
    bytes: sizeOf(shape, type),
  }));
  const byNumber = own.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  return [...byNumber, ...[...group.groups.values()].flatMap(datasetsIn)];
}

function manifestOf(manifest: unknown): TensorFacts[] {
  return (Array.isArray(manifest) ? manifest : []).flatMap((group: unknown) =>
    isRecord(group) && Array.isArray(group.weights)
      ? group.weights.flatMap((item: unknown) => {
          if (!isRecord(item) || !Array.isArray(item.shape)) return [];
          const { quantization: packed } = item;
          const type = String(isRecord(packed) ? packed.dtype : item.dtype);
          const shape = item.shape as number[];
          return [{ name: String(item.name), shape, type, bytes: sizeOf(shape, type) }];
        })
      : [],
  );
}

// ---- layers ---------------------------------------------------------------------------------------------------------------

const classOf = (value: unknown): string =>
  isRecord(value) ? String(value.class_name) : 'nothing';

/** Of a configuration of Keras: every layer, those inside others after them. */
function layersIn(value: unknown, path = '', depth = 0): { name: string; className: string }[] {
  if (depth > MAX_DEPTH || !isRecord(value)) return [];
  const config = Array.isArray(value.config) ? { layers: value.config as unknown[] } : value.config;
  if (!isRecord(config)) return [];
  const name = String(config.name ?? value.name ?? value.class_name);
  const own = depth === 0 ? '' : path === '' ? name : `${path}/${name}`;
  const { layers, cells, layer, backward_layer: backward, cell } = config;
  const inside = [...listOf(layers), ...listOf(cells), layer, backward, cell];
  return [
    ...(depth === 0 ? [] : [{ name: own, className: String(value.class_name) }]),
    ...inside.flatMap((one) => layersIn(one, own, depth + 1)),
  ];
}

/** Of a configuration of a model here. */
function ownLayers(
  config: Readonly<Record<string, unknown>>,
  path = '',
  depth = 0,
): { name: string; className: string }[] {
  if (depth > MAX_DEPTH) return [];
  const { layers, cells, layer, backwardLayer, cell } = config;
  const inside = [...listOf(layers), ...listOf(cells), layer, backwardLayer, cell];
  return inside.flatMap((one) => {
    if (!isRecord(one) || !isRecord(one.config)) return [];
    const own = `${path === '' ? '' : `${path}/`}${String(one.config.name)}`;
    return [
      { name: own, className: String(one.className) },
      ...ownLayers(one.config, own, depth + 1),
    ];
  });
}
