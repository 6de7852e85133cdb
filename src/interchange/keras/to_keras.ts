/** A model for Keras 3: its weights in a safetensors file, and the lines of Python that make the model and load them. */
import type { Layer, SymbolicTensor } from '../../layers/base.ts';
import { InputLayer } from '../../layers/input.ts';
import { Network } from '../../layers/network.ts';
import type { Model } from '../../model/model.ts';
import { mapParts } from '../../maps.ts';
import { readOptions } from '../../options.ts';
import { camelCase, snakeCase } from '../names.ts';
import { writeSafetensors } from '../safetensors.ts';
import type { Exported, ExportOptions } from '../torch/to_torch.ts';
import { hasZoneout } from '../zoneout.ts';
import { RULES } from './options.ts';

type Config = Readonly<Record<string, unknown>>;

export async function toKeras(model: Model, options: ExportOptions = {}): Promise<Exported> {
  const { file } = readOptions('toKeras', options, { file: 'model.safetensors' });
  const lines = new Lines().model(model);
  const tensors = new Map<string, { data: Float32Array<ArrayBuffer>; shape: readonly number[] }>();
  for (const layer of model.layers)
    for (const [i, { shape, data }] of (await layer.getWeights()).entries())
      tensors.set(`${layer.name}/${i}`, { shape, data: Float32Array.from(data) });
  const python = [
    '# Makes the model in Keras 3, and gives its layers their weights.',
    'import keras',
    'from keras import layers',
    'from safetensors.numpy import load_file',
    '',
    ...lines,
    '',
    `weights = load_file('${file}')`,
    'for layer in model.layers:',
    "    layer.set_weights([weights[f'{layer.name}/{i}'] for i in range(len(layer.weights))])",
    '',
  ].join('\n');
  return { weights: writeSafetensors(tensors), python };
}

function refuse(layer: Layer, problem: string): never {
  throw new Error(
    `toKeras: expected '${layer.name}' (${layer.className}) to be a layer of Keras, but ${problem}; take its weights with getWeights()`,
  );
}

class Lines {
  private readonly lines: string[] = [];
  private count = 0;

  model(network: Network): string[] {
    const made = this.network(network);
    return [...this.lines, `model = ${made}`];
  }

  private variable(): string {
    return `t${this.count++}`;
  }

  /** An expression that is the network. */
  private network(network: Network): string {
    if (network.className === 'Sequential') {
      const [start] = network.inputs;
      const own = network.layers.filter((layer) => !(layer instanceof InputLayer));
      const items = [...(start ? [inputOf(start)] : []), ...own.map((layer) => this.layer(layer))];
      return `keras.Sequential([\n    ${items.join(',\n    ')},\n], name=${text(network.name)})`;
    }
    const names = new Map<SymbolicTensor, string>();
    const uses = new Map<Layer, string>();
    for (const { layer, inputs, outputs, mask } of network.calls) {
      const own = this.variable();
      if (layer instanceof InputLayer) {
        this.lines.push(`${own} = ${inputOf(outputs[0])}`);
        names.set(outputs[0], own);
        continue;
      }
      if (layer instanceof Network && layer.className !== 'Sequential')
        refuse(layer, 'models inside of models are written where they are sequential');
      let made = uses.get(layer);
      if (made === undefined) {
        made = this.variable();
        this.lines.push(`${made} = ${this.layer(layer)}`);
        uses.set(layer, made);
      }
      if (/Attention$/.test(layer.className) && inputs.some(({ dtype }) => dtype === 'int32'))
        refuse(layer, 'masks that were given to it are written nowhere');
      const given = inputs.map((input) => names.get(input)!);
      const states = 'stateNames' in layer && layer.stateNames.length > 0 ? given.splice(1) : [];
      const options = [
        ...(states.length > 0 ? [`initial_state=${list(states)}`] : []),
        ...(mask ? [`mask=keras.ops.cast(${names.get(mask)!}, 'bool')`] : []),
        ...ofCall(layer),
      ];
      this.lines.push(`${own} = ${made}(${[list(given), ...options].join(', ')})`);
      outputs.forEach((output, i) => names.set(output, outputs.length > 1 ? `${own}[${i}]` : own));
    }
    const [inputs, outputs] = [network.inputs, network.outputs].map((tensors) =>
      list(tensors.map((one) => names.get(one)!)),
    );
    return `keras.Model(${inputs}, ${outputs}, name=${text(network.name)})`;
  }

  private layer(layer: Layer): string {
    if (layer instanceof Network) return this.network(layer);
    const { className } = layer;
    if (!Object.hasOwn(RULES, className) || className === 'TextVectorization')
      return refuse(layer, 'there is none of its kind, or it has no weights to take');
    const config = layer.getConfig();
    if (hasZoneout(config)) refuse(layer, 'Keras has no zoneout');
    const options = optionsOf(layer, className, config);
    const inside: string[] = [];
    const [first, second] = layer.sublayers;
    if (className === 'Bidirectional') {
      inside.push(this.layer(first));
      if (config.backwardLayer) options.push(`backward_layer=${this.layer(second)}`);
    } else if (className === 'StackedRNNCells')
      inside.push(`[${layer.sublayers.map((cell) => this.layer(cell)).join(', ')}]`);
    else if (className === 'TimeDistributed' || className === 'RNN') inside.push(this.layer(first));
    // Keras puts the direction before the names of its own accord.
    const name = layer.name.replace(/^(forward|backward)_(?=.)/, '');
    return `layers.${className}(${[...inside, ...options, `name=${text(name)}`].join(', ')})`;
  }
}

/** Options of a layer that are arguments of its call in Keras. */
function ofCall(layer: Layer): string[] {
  const config = layer.getConfig();
  return ['use_causal_mask', 'return_attention_scores']
    .filter((name) => config[camelCase(name)] === true)
    .map((name) => `${name}=True`);
}

const text = (value: string): string => `'${value.replace(/[\\']/g, '\\$&')}'`;
const list = (items: readonly string[]): string =>
  items.length === 1 ? items[0] : `[${items.join(', ')}]`;

function inputOf({ shape, dtype, call }: SymbolicTensor): string {
  const extents = shape.slice(1).map((extent) => extent ?? 'None');
  return `keras.Input((${extents.join(', ')}${extents.length === 1 ? ',' : ''}), dtype='${dtype}', name=${text(call.layer.name)})`;
}

function optionsOf(layer: Layer, className: string, config: Config): string[] {
  const names = (RULES[className].options ?? '').split(' ').filter((name) => name !== '');
  return names.flatMap((name) => {
    const value = config[camelCase(name)];
    if (value === undefined) return [];
    return [`${name}=${/activation$/.test(name) ? activation(layer, value) : python(value)}`];
  });
}

const RENAMED: Readonly<Record<string, string>> = { logSoftmax: 'log_softmax' };

function activation(layer: Layer, value: unknown): string {
  if (value === null) return 'None';
  const [name, constant] = mapParts(value as string);
  if (constant === undefined) return text(RENAMED[name] ?? snakeCase(name));
  if (name === 'leakyRelu') return `layers.LeakyReLU(negative_slope=${constant})`;
  if (name === 'elu') return `layers.ELU(alpha=${constant})`;
  return refuse(layer, `Keras 3 has not its activation ${JSON.stringify(value)}`);
}

function python(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value))
    return `(${value.map(python).join(', ')}${value.length === 1 ? ',' : ''})`;
  if (typeof value === 'string') return text(/[A-Z]/.test(value) ? snakeCase(value) : value);
  return JSON.stringify(value);
}
