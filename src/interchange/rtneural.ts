/**
 * RTNeural's JSON, which models of guitar amplifiers are shared in: layers with Keras' weights (`model_utils.py`), or a state_dict of PyTorch, with or
 * without the facts of a SimpleRNN of Automated-GuitarAmpModelling.
 */
import type { Device } from '../backend.ts';
import { parseJson } from '../formats/json.ts';
import { isRecord } from '../formats/records.ts';
import type { Model } from '../model/model.ts';
import { excerpt, show } from '../options.ts';
import { assemble } from './assemble.ts';
import type { Made } from './assemble.ts';
import type { Floats } from './arrays.ts';
import type { FileTensor } from './elements.ts';
import { openFile } from './source.ts';
import type { FileSource, ReadOptions } from './source.ts';
import { buildModel } from './torch/build.ts';
import { listed } from './zip.ts';

/** Options of `loadRtneural`. */
export interface RtneuralOptions extends ReadOptions {
  /** The default device where it is left out. */
  device?: Device;
}

type Json = Readonly<Record<string, unknown>>;

export async function loadRtneural(
  source: FileSource,
  options: RtneuralOptions = {},
): Promise<Model> {
  const { device } = options;
  const file = await openFile('loadRtneural', source, options, ['device']);
  let json: unknown;
  try {
    json = parseJson(new TextDecoder().decode(await file.whole()));
  } catch (error) {
    throw new Error(`${file.name}: expected JSON (${(error as Error).message})`, { cause: error });
  }
  if (!isRecord(json)) throw new Error(`${file.name}: expected a model of RTNeural, an object`);
  if (Array.isArray(json.layers)) return ofLayers(file.name, json, json.layers, device);
  const { model_data: facts, state_dict: state = json } = json;
  if (!isRecord(state)) throw new Error(`${file.name}: expected layers or a state_dict`);
  return ofStateDict(file.name, isRecord(facts) ? facts : {}, state, device);
}

/** Nested lists of numbers, whose extents are the same everywhere. */
function arrayOf(file: string, place: string, value: unknown): Floats {
  const shape: number[] = [];
  for (let inner = value; Array.isArray(inner); inner = inner[0] as unknown)
    shape.push(inner.length);
  const data: number[] = [];
  const visit = (item: unknown, axis: number): void => {
    if (axis === shape.length) {
      if (typeof item !== 'number')
        throw new Error(`${file}, ${place}: expected numbers, got ${show(item)}`);
      data.push(item);
    } else {
      if (!Array.isArray(item) || item.length !== shape[axis])
        throw new Error(`${file}, ${place}: expected lists of ${shape[axis]}, got ${show(item)}`);
      for (const inner of item) visit(inner, axis + 1);
    }
  };
  visit(value, 0);
  return { shape, data: Float32Array.from(data) };
}

// ---- Keras' weights -------------------------------------------------------------------------------------------------------

const ACTIVATIONS = new Set(['tanh', 'relu', 'sigmoid', 'softmax', 'elu']);

async function ofLayers(
  file: string,
  json: Json,
  list: readonly unknown[],
  device: Device | undefined,
): Promise<Model> {
  const shape = json.in_shape;
  const features = Array.isArray(shape) ? (shape.at(-1) as unknown) : null;
  if (!Number.isInteger(features) || (features as number) < 1)
    throw new Error(`${file}: expected in_shape with the number of features, got ${show(shape)}`);
  for (const gain of ['in_gain', 'out_gain'])
    if (typeof json[gain] === 'number' && json[gain] !== 0)
      throw new Error(
        `${file}: expected ${gain} 0, got ${json[gain]} dB; scale what goes in and comes out yourself, and set it to 0`,
      );
  const made = list.map((item, k) => layerOf(file, `layer ${k}`, isRecord(item) ? item : {}, k));
  const input = {
    className: 'InputLayer',
    config: { name: 'input', batchShape: [null, null, features] },
  };
  const residual = Number(json.in_skip ?? 0) > 0;
  return assemble([input, ...made], { what: file, device, residual });
}

function layerOf(file: string, place: string, item: Json, k: number): Made {
  const type = typeof item.type === 'string' ? excerpt(item.type) : show(item.type);
  const units = Array.isArray(item.shape) ? (item.shape.at(-1) as unknown) : null;
  const arrays = Array.isArray(item.weights) ? (item.weights as unknown[]) : [];
  const weights = arrays.map((value, i) =>
    arrayOf(file, `${place} (${type}), weights ${i}`, value),
  );
  const activation = activationOf(file, place, item.activation);
  const name = `${type.replace(/\W/g, '_')}_${k}`;
  const last = (value: unknown): unknown => (Array.isArray(value) ? value.at(-1) : value);
  const described = (className: string, config: object): Made => ({
    className,
    config: { name, ...config },
    weights,
  });
  const useBias = weights.length > 1;
  if (type === 'dense' || type === 'time-distributed-dense')
    return described('Dense', { units, activation, useBias });
  if (type === 'gru' || type === 'lstm') {
    const own = { units, returnSequences: true, useBias: weights.length > 2 };
    return type === 'lstm'
      ? described('LSTM', own)
      : described('GRU', { ...own, resetAfter: weights[2]?.shape.length !== 1 });
  }
  if (type === 'conv1d') {
    if (Number(last(item.groups) ?? 1) !== 1)
      throw new Error(
        `${file}, ${place}: expected a convolution of one group, got ${show(last(item.groups))}`,
      );
    const own = {
      filters: units,
      kernelSize: last(item.kernel_size),
      dilationRate: last(item.dilation) ?? 1,
    };
    return described('Conv1D', {
      ...own,
      strides: last(item.strides) ?? 1,
      padding: 'causal',
      activation,
      useBias,
    });
  }
  if (type === 'batchnorm') {
    const affine = weights.length > 2;
    return described('BatchNormalization', {
      epsilon: item.epsilon,
      scale: affine,
      center: affine,
    });
  }
  if (type === 'activation') return described('Activation', { activation });
  throw new Error(
    `${file}, ${place}: expected one of dense, time-distributed-dense, gru, lstm, conv1d, batchnorm, activation, got ${show(item.type)}`,
  );
}

function activationOf(file: string, place: string, value: unknown): string {
  if (value === undefined || value === null || value === '') return 'linear';
  if (ACTIVATIONS.has(value as string)) return value as string;
  throw new Error(
    `${file}, ${place}: expected an activation of ${[...ACTIVATIONS].join(', ')}, got ${show(value)}`,
  );
}

// ---- PyTorch's weights ----------------------------------------------------------------------------------------------------

function ofStateDict(
  file: string,
  facts: Json,
  state: Json,
  device: Device | undefined,
): Promise<Model> {
  const tensors = new Map<string, FileTensor>();
  for (const [name, value] of Object.entries(state))
    if (Array.isArray(value)) tensors.set(name, { type: 'float32', ...arrayOf(file, name, value) });
  const modules = [...new Set([...tensors.keys()].map((name) => name.replace(/\.?[^.]*$/, '')))];
  if (modules.length === 0)
    throw new Error(`${file}: expected tensors by their names, got ${listed(Object.keys(state))}`);
  const parts = modules.map(
    (module) => [(module || 'layer').replaceAll('.', '_'), { module }] as const,
  );
  const { skip = 0, input_size: inputs, output_size: outputs } = facts;
  // What is added are the first channels of the input; there are as many of them as come out.
  if (skip && skip !== inputs && inputs !== outputs)
    throw new Error(
      `${file}: expected skip ${excerpt(JSON.stringify(inputs))}, all channels of the input, got ${excerpt(JSON.stringify(skip))}`,
    );
  return buildModel(tensors, parts, { device, residual: Boolean(skip) });
}
