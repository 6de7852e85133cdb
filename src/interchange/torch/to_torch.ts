/** A model's weights as a state_dict of PyTorch, and the lines of Python that load it. */
import type { Layer } from '../../layers/base.ts';
import { InputLayer } from '../../layers/input.ts';
import { Network } from '../../layers/network.ts';
import type { Model } from '../../model/model.ts';
import { readOptions } from '../../options.ts';
import { blocks, floats, permute, rows, transpose } from '../arrays.ts';
import type { Floats } from '../arrays.ts';
import type { TensorValues } from '../elements.ts';
import { writeSafetensors } from '../safetensors.ts';
import { hasZoneout } from '../zoneout.ts';

/** What another framework takes over a model from. */
export interface Exported {
  /** A safetensors file; the Python names it. */
  readonly weights: Uint8Array<ArrayBuffer>;
  /** Lines of Python that load it. */
  readonly python: string;
}

/** Options of `toTorch` and `toKeras`. */
export interface ExportOptions {
  /** What the Python calls the file of weights; `model.safetensors` by default. */
  file?: string;
}

type Config = Readonly<Record<string, unknown>>;
/** A module: the Python that makes it, its tensors, and what is said beside it. */
interface Module {
  readonly python: string;
  readonly tensors: readonly (readonly [name: string, tensor: Tensor])[];
  readonly note?: string;
}
interface Tensor {
  readonly data: TensorValues;
  readonly shape: readonly number[];
}

export async function toTorch(model: Model, options: ExportOptions = {}): Promise<Exported> {
  const { file } = readOptions('toTorch', options, { file: 'model.safetensors' });
  const tensors = new Map<string, Tensor>();
  const lines: string[] = [];
  for (const { name, layer, rank } of layersOf(model)) {
    if (layer.weights.length === 0) {
      if (!(layer instanceof InputLayer))
        lines.push(`    # ${name}: ${layer.className}, without weights`);
      continue;
    }
    if (/[.'\\]/.test(name))
      throw new Error(
        `toTorch: expected names of layers without dots, quotes and backslashes, got '${name}'; rename the layer`,
      );
    const { python, tensors: own, note } = await moduleOf(layer, rank);
    lines.push(`    '${name}': ${python},${note ? `  # ${note}` : ''}`);
    for (const [key, tensor] of own) tensors.set(`${name}.${key}`, tensor);
  }
  const python = [
    '# The layers of the model by their names, with their weights. Inputs are batch first: [batch, time, features].',
    'import torch',
    'from torch import nn',
    'from safetensors.torch import load_file',
    '',
    'modules = nn.ModuleDict({',
    ...lines,
    '})',
    `modules.load_state_dict(load_file('${file}'))`,
    'modules.eval()',
    '',
  ].join('\n');
  return { weights: writeSafetensors(tensors, { format: 'pt' }), python };
}

/** A layer by its name, in a model inside `model/layer`, and how many axes its input has. */
interface Named {
  readonly name: string;
  readonly layer: Layer;
  readonly rank: number;
}

const layersOf = (network: Network, before = ''): Named[] =>
  network.layers.flatMap((layer) => {
    const name = before + layer.name;
    if (layer instanceof Network) return layersOf(layer, `${name}/`);
    const rank = network.calls.find((call) => call.layer === layer)?.inputs[0]?.rank ?? 0;
    return [{ name, layer, rank }];
  });

async function weightsOf(layer: Layer): Promise<Floats[]> {
  return (await layer.getWeights()).map(({ shape, data }) =>
    floats(shape, Float32Array.from(data)),
  );
}

function refuse(layer: Layer, problem: string): never {
  throw new Error(
    `toTorch: expected '${layer.name}' (${layer.className}) to be a module of PyTorch, but ${problem}; take its weights with getWeights()`,
  );
}

async function moduleOf(layer: Layer, rank: number): Promise<Module> {
  const config = layer.getConfig();
  const { className } = layer;
  if (Object.hasOwn(RECURRENT, className)) return recurrent(layer, [[layer]], false);
  if (className === 'Bidirectional') {
    const { mergeMode } = config;
    const found = await recurrent(layer, [[...layer.sublayers]], true);
    return mergeMode === 'concat'
      ? found
      : {
          ...found,
          note: `its directions ${mergeMode === null ? 'apart' : `merged: ${JSON.stringify(mergeMode)}`}`,
        };
  }
  if (className === 'RNN') {
    const [cell] = layer.sublayers;
    const cells = cell.className === 'StackedRNNCells' ? cell.sublayers : [cell];
    return recurrent(
      layer,
      cells.map((one) => [one]),
      false,
    );
  }
  if (className === 'TimeDistributed') return moduleOf(layer.sublayers[0], rank - 1);
  const weights = await weightsOf(layer);
  const note = noteOf(config);
  const [first, second] = weights;
  const bias = weights.length > 1 ? [['bias', second] as const] : [];
  const unbiased = weights.length > 1 ? '' : ', bias=False';
  if (className === 'Dense') {
    const [inputs, units] = first.shape;
    return {
      python: `nn.Linear(${inputs}, ${units}${unbiased})`,
      tensors: [['weight', transpose(first)], ...bias],
      note,
    };
  }
  if (className === 'Embedding')
    return {
      python: `nn.Embedding(${first.shape.join(', ')}${config.maskZero ? ', padding_idx=0' : ''})`,
      tensors: [['weight', first]],
    };
  if (className === 'Conv1D' || className === 'Conv2D') {
    const [inputs, filters] = first.shape.slice(-2);
    const order = className === 'Conv1D' ? [2, 1, 0] : [3, 2, 0, 1];
    const pair = (value: unknown): string =>
      Array.isArray(value) ? `(${value.join(', ')})` : String(value);
    const python = `nn.Conv${className.slice(4).toLowerCase()}(${inputs}, ${filters}, ${pair(config.kernelSize)}, stride=${pair(config.strides)}, dilation=${pair(config.dilationRate)}${unbiased})`;
    return {
      python,
      tensors: [['weight', permute(first, order)], ...bias],
      note: [`channels first, padding ${String(config.padding)}`, note].filter(Boolean).join(', '),
    };
  }
  if (className === 'LayerNormalization') return layerNorm(layer, config, weights);
  if (className === 'BatchNormalization') return batchNorm(layer, rank, config, weights);
  return refuse(layer, 'there is none of its kind');
}

function noteOf({ activation }: Config): string | undefined {
  if (activation === undefined || activation === 'linear') return undefined;
  return `then ${typeof activation === 'string' ? activation : JSON.stringify(activation)}`;
}

function layerNorm(
  layer: Layer,
  { axis, epsilon, center, scale }: Config,
  weights: readonly Floats[],
): Module {
  if (String(axis) !== '-1') refuse(layer, `it normalises axes ${String(axis)}, not the last`);
  if (!scale) refuse(layer, 'it has no scale');
  const python = `nn.LayerNorm(${weights[0].shape[0]}, eps=${String(epsilon)}${center ? '' : ', bias=False'})`;
  return { python, tensors: weights.map((tensor, i) => [['weight', 'bias'][i], tensor] as const) };
}

function batchNorm(
  layer: Layer,
  rank: number,
  { axis, epsilon, momentum, center, scale }: Config,
  weights: readonly Floats[],
): Module {
  if (axis !== -1 && axis !== rank - 1)
    refuse(layer, `it normalises axis ${String(axis)}, not the last`);
  if (center !== scale) refuse(layer, 'it has only one of scale and center');
  const names = [...(scale ? ['weight', 'bias'] : []), 'running_mean', 'running_var'];
  const count: Tensor = { shape: [], data: BigInt64Array.of(0n) };
  return {
    // PyTorch says how much of a batch comes in, Keras how much of what was stays.
    python: `nn.BatchNorm${rank === 4 ? 2 : 1}d(${weights[0].shape[0]}, eps=${String(epsilon)}, momentum=${Number((1 - (momentum as number)).toPrecision(12))}${scale ? '' : ', affine=False'})`,
    tensors: [
      ...names.map((name, i) => [name, weights[i]] as const),
      ['num_batches_tracked', count],
    ],
    note: 'channels first',
  };
}

// ---- recurrent ------------------------------------------------------------------------------------------------------------

const RECURRENT: Readonly<Record<string, 'RNN' | 'LSTM' | 'GRU'>> = {
  ...{ SimpleRNN: 'RNN', SimpleRNNCell: 'RNN', LSTM: 'LSTM', LSTMCell: 'LSTM' },
  ...{ ProjectedLSTM: 'LSTM', GRU: 'GRU', GRUCell: 'GRU' },
  ...{ TorchSimpleRNN: 'RNN', TorchLSTM: 'LSTM', TorchProjectedLSTM: 'LSTM' },
};

/** @param layers for each layer of the module its directions */
async function recurrent(
  layer: Layer,
  layers: readonly (readonly Layer[])[],
  bidirectional: boolean,
): Promise<Module> {
  const all = layers.flat();
  const configs = all.map((one) => one.getConfig());
  const [{ units, useBias, activation, projectionUnits, goBackwards }] = configs;
  const kind = RECURRENT[all[0].className];
  const alike = all.every(
    (one, i) =>
      RECURRENT[one.className] === kind &&
      configs[i].units === units &&
      configs[i].useBias === useBias &&
      configs[i].activation === activation,
  );
  if (configs.some(hasZoneout)) refuse(layer, 'PyTorch has no zoneout');
  if (!kind || !alike)
    refuse(layer, 'its layers are not all RNN, LSTM or GRU with the same units and options');
  for (const { recurrentActivation = 'sigmoid', resetAfter = true } of configs) {
    const fits =
      kind === 'RNN'
        ? ['tanh', 'relu'].includes(activation as string)
        : activation === 'tanh' && recurrentActivation === 'sigmoid';
    if (!fits)
      refuse(
        layer,
        `PyTorch has not its activations (${JSON.stringify([activation, recurrentActivation])})`,
      );
    if (!resetAfter) refuse(layer, 'PyTorch has no GRU that resets before the product');
  }
  const tensors: [string, Tensor][] = [];
  for (const [k, directions] of layers.entries())
    for (const [d, one] of directions.entries()) {
      const end = `_l${k}${d === 1 ? '_reverse' : ''}`;
      for (const [name, tensor] of tensorsOf(kind, await weightsOf(one), Boolean(useBias)))
        tensors.push([name + end, tensor]);
    }
  const [features] = (await weightsOf(all[0]))[0].shape;
  const options = [
    ...(layers.length > 1 ? [`num_layers=${layers.length}`] : []),
    ...(kind === 'RNN' && activation === 'relu' ? ["nonlinearity='relu'"] : []),
    ...(useBias ? [] : ['bias=False']),
    'batch_first=True',
    ...(bidirectional ? ['bidirectional=True'] : []),
    ...(projectionUnits ? [`proj_size=${Number(projectionUnits)}`] : []),
  ];
  const python = `nn.${kind}(${features}, ${Number(units)}, ${options.join(', ')})`;
  return {
    python,
    tensors,
    note: !bidirectional && goBackwards ? 'of the sequence reversed' : undefined,
  };
}

function tensorsOf(kind: string, weights: readonly Floats[], useBias: boolean): [string, Floats][] {
  // Gates r z n in PyTorch, z r n here.
  const inOrder = (x: Floats): Floats => (kind === 'GRU' ? blocks(x, [1, 0, 2]) : x);
  const [kernel, recurrentKernel, ...rest] = weights;
  const bias = useBias ? rest.at(-1)! : null;
  const found: [string, Floats][] = [
    ['weight_ih', inOrder(transpose(kernel))],
    ['weight_hh', inOrder(transpose(recurrentKernel))],
  ];
  if (bias) {
    // One bias here, unless they were kept apart, two there, of which one is zero.
    const two = bias.shape.length === 2 ? rows(bias) : [bias, floats(bias.shape)];
    found.push(['bias_ih', inOrder(two[0])], ['bias_hh', inOrder(two[1])]);
  }
  if (rest.length > (bias ? 1 : 0)) found.push(['weight_hr', transpose(rest[0])]);
  return found;
}
