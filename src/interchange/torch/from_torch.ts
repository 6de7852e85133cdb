/** The weights of PyTorch modules in Gatefold's layers: those of a model that is there, or of a model that is made for them. */
import type { Device } from '../../backend.ts';
import type { Layer } from '../../layers/base.ts';
import { oneOf } from '../../layers/shapes.ts';
import type { Model } from '../../model/model.ts';
import { sameShape } from '../../tensor.ts';
import { checkNames, hint, show } from '../../options.ts';
import type { Floats } from '../arrays.ts';
import { listed } from '../zip.ts';
import { buildModel } from './build.ts';
import type { ModulePart } from './build.ts';
import { hasTwoBiases, TorchModule } from './modules.ts';
import type { ModuleKind } from './modules.ts';
import type { StateDict } from './state_dict.ts';

/** Modules by the names of the layers that get their weights. */
export type TorchModules = Readonly<Record<string, string | ModulePart>>;

/** Options of `fromTorch`. */
export interface FromTorchOptions {
  /** The model whose layers get the weights. Without one, a model is made: the modules one after the other. */
  model?: Model;
  /** Of a model that is made; the default device where it is left out. */
  device?: Device;
  /**
   * Of a model that is made: whether the two biases of nn.LSTM and nn.RNN become one, `summed`, or stay two, `separate`, which training moves as PyTorch's does.
   * `summed` by default.
   */
  biases?: 'summed' | 'separate';
}
const BIASES = ['summed', 'separate'] as const;

/** What `fromTorch` of index.ts does. */
export async function fromTorch(
  state: StateDict,
  modules: TorchModules,
  options: FromTorchOptions = {},
): Promise<Model> {
  checkNames('fromTorch', options, ['model', 'device', 'biases']);
  const { model, device, biases = 'summed' } = options;
  oneOf('fromTorch', 'biases', biases, BIASES);
  if (model && options.biases !== undefined)
    throw new Error(
      `fromTorch: expected biases where a model is made, got '${biases}' with a model, whose layers have one or two already; leave biases out`,
    );
  const parts = Object.entries(modules).map(([name, given]): [string, ModulePart] => {
    const part = typeof given === 'string' ? { module: given } : given;
    if (typeof part?.module !== 'string')
      throw new Error(
        `fromTorch: expected the name of a module for '${name}', or { module, layer }, got ${show(given)}`,
      );
    return [name, part];
  });
  if (parts.length === 0)
    throw new Error(
      "fromTorch: expected modules by the names of layers, got none; write { lstm: 'encoder.rnn' }",
    );
  if (!model) return buildModel(state, parts, { device, bothBiases: biases === 'separate' });
  const plan = parts.map(([name, part]) => {
    const layer = find(model, name);
    return [layer, weightsFor(layer, new TorchModule(state, part.module), part)] as const;
  });
  // All of them fit before the first changes.
  for (const [layer, weights] of plan) layer.setWeights(weights);
  return model;
}

function find(model: Model, name: string): Layer {
  const { layers } = model;
  const found = layers.find((layer) => layer.name === name);
  if (!found)
    throw new Error(
      `fromTorch: expected the name of a layer of the model (${listed(layers.map((layer) => layer.name))}), got '${name}'${hint(
        name,
        layers.map((layer) => layer.name),
      )}`,
    );
  if (!found.built)
    throw new Error(
      `fromTorch: expected '${name}' with weights, got one that is not built; begin the model with input({ shape })`,
    );
  return found;
}

/** The layers that hold weights themselves, in the order of these. */
function leavesOf(layer: Layer): Layer[] {
  if (/Cell$/.test(layer.className) || layer.sublayers.length === 0) return [layer];
  return layer.sublayers.flatMap(leavesOf);
}

const KINDS: Readonly<Record<string, ModuleKind>> = {
  ...{ SimpleRNN: 'simpleRNN', SimpleRNNCell: 'simpleRNN', LSTM: 'lstm', LSTMCell: 'lstm' },
  ...{ TorchSimpleRNN: 'simpleRNN', TorchLSTM: 'lstm', TorchProjectedLSTM: 'lstm' },
  ...{ ProjectedLSTM: 'lstm', GRU: 'gru', GRUCell: 'gru', Dense: 'dense', Embedding: 'embedding' },
  ...{ Conv1D: 'conv1D', Conv2D: 'conv2D' },
  ...{ BatchNormalization: 'batchNormalization', LayerNormalization: 'layerNormalization' },
};

/** All weights of a layer, in its order. */
function weightsFor(layer: Layer, module: TorchModule, part: ModulePart): Floats[] {
  const leaves = leavesOf(layer);
  const kinds = new Set(leaves.map(({ className }) => KINDS[className]));
  const [kind] = kinds;
  if (kinds.size !== 1 || kind === undefined)
    throw new Error(
      `fromTorch: expected '${layer.name}' to be of a kind that PyTorch has (${listed(Object.keys(KINDS))}), got ${layer.className}; ` +
        'set its weights with setWeights()',
    );
  const found = module.kind ?? kind;
  const fits = found === kind || (kind === 'embedding' && found === 'dense');
  if (!fits)
    throw new Error(
      `fromTorch: expected '${module.path}' to be a module for '${layer.name}' (${layer.className}), got ${found}`,
    );
  const lists =
    kind === 'simpleRNN' || kind === 'lstm' || kind === 'gru'
      ? recurrentLists(layer, leaves, module, part)
      : [module.weightsOf(kind)];
  return leaves.flatMap((leaf, i) => matched(leaf, lists[i], module, layer));
}

function recurrentLists(
  layer: Layer,
  leaves: readonly Layer[],
  module: TorchModule,
  { layer: index }: ModulePart,
): Floats[][] {
  const { layers, bidirectional } = module.recurrent;
  const ofCells = layer.className === 'RNN';
  const two = layer.className === 'Bidirectional';
  if (two !== bidirectional)
    throw new Error(
      `fromTorch: expected '${layer.name}' to go ${bidirectional ? 'both ways' : 'one way'}, as '${module.path}' does, got ${layer.className}`,
    );
  if (index !== undefined && !(Number.isInteger(index) && index >= 0 && index < layers))
    throw new Error(
      `fromTorch: expected layer 0 to ${layers - 1} of '${module.path}', got ${index}`,
    );
  const wanted = ofCells && index === undefined ? leaves.length : 1;
  if (index === undefined && wanted !== layers)
    throw new Error(
      `fromTorch: expected '${layer.name}' to be all ${layers} layers of '${module.path}', got ${wanted}; ` +
        `name one of them: { module: '${module.path}', layer: 0 }`,
    );
  return leaves.map(({ className }, i) =>
    module.recurrentWeights(
      two ? (index ?? 0) : (index ?? i),
      two && i === 1,
      hasTwoBiases(className),
    ),
  );
}

/** What a layer takes of a module's weights. One without a bias takes only a module without, and one that adds it takes zeros. */
function matched(
  leaf: Layer,
  given: readonly Floats[],
  module: TorchModule,
  layer: Layer,
): Floats[] {
  const { weights } = leaf;
  const left = given.slice(weights.length);
  const lacks = left.length > 0 && left.some(({ data }) => data.some((value) => value !== 0));
  const wrong = weights.findIndex(
    (weight, i) => !given[i] || !sameShape(weight.shape, given[i].shape),
  );
  if (lacks || wrong >= 0) {
    const shapes = (list: readonly { readonly shape: readonly number[] }[]): string =>
      list.map(({ shape }) => `[${shape}]`).join(', ');
    throw new Error(
      `fromTorch: expected weights ${shapes(weights)} for '${layer.name}', got ${shapes(given)} of '${module.path}'; make the layer as the module is` +
        (leaf.className.startsWith('GRU') ? ', a GRU with resetAfter: true' : ''),
    );
  }
  return given.slice(0, weights.length);
}
