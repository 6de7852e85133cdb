/** Layers here from Keras' descriptions of them. No class of a file is looked up anywhere but in the list of those that are known. */
import type { Config, Layer } from '../../layers/base.ts';
import { isRecord } from '../../formats/records.ts';
import { Network } from '../../layers/network.ts';
import type { NetworkOptions } from '../../layers/network.ts';
import { hint } from '../../options.ts';
import { snakeCase } from '../names.ts';
import { listed } from '../zip.ts';
import { fail, layerAt } from './context.ts';
import type { Context, KerasLayer } from './context.ts';
import { graphOf } from './graph.ts';
import { activationLayer, optionsOf, RULES } from './options.ts';

const MODELS = new Set(['Sequential', 'Functional', 'Model']);
const MAX_DEPTH = 50;

/** The classes here that a description needs, of the layers inside it too, for `loadClasses`. */
export function classesIn(value: unknown, found = new Set<string>(['Activation'])): Set<string> {
  if (Array.isArray(value)) for (const item of value) classesIn(item, found);
  else if (isRecord(value)) {
    const name = String(value.class_name);
    if (Object.hasOwn(RULES, name)) found.add(RULES[name].className ?? name);
    for (const item of Object.values(value)) classesIn(item, found);
  }
  return found;
}

/** What a model is made of, for the constructor of `Network` or `Model`. */
export async function networkOf(
  context: Context,
  description: unknown,
  place: string,
  depth = 0,
): Promise<{ options: NetworkOptions; order: readonly Layer[] }> {
  const { className, config } = layerAt(context, place, description);
  if (!MODELS.has(className))
    fail(
      context,
      place,
      `expected a Sequential or a Functional model, got ${className}, a class of its author's, whose call() is in no file`,
    );
  if (depth > MAX_DEPTH) fail(context, place, `models are nested more than ${MAX_DEPTH} deep`);
  const { name, layers } = config;
  if (!Array.isArray(layers)) return fail(context, place, 'expected a list of layers');
  const own = { name: typeof name === 'string' ? name : undefined };
  if (className !== 'Sequential' && 'input_layers' in config) {
    const { inputs, outputs, order } = await graphOf(context, config, place, depth, makeLayer);
    return { options: { ...own, inputs, outputs }, order };
  }
  const order: Layer[] = [];
  for (const item of await withInput(context, config, place)) {
    const description = layerAt(context, place, item);
    // Texts go into the layer that makes numbers of them.
    if (description.className === 'InputLayer' && description.config.dtype === 'string') continue;
    order.push(await makeLayer(context, description, place, depth));
  }
  return { options: { ...own, layers: order }, order };
}

/** The layers of a Sequential model. Keras 2 has the shape of the input with the first layer. */
async function withInput(context: Context, config: Config, place: string): Promise<unknown[]> {
  const layers = config.layers as unknown[];
  if (layers.length === 0) return fail(context, place, 'expected at least one layer, got none');
  const first = layerAt(context, place, layers[0]);
  if (first.className === 'InputLayer' || MODELS.has(first.className)) return layers;
  const shape =
    first.config.batch_input_shape ?? first.config.batch_shape ?? config.build_input_shape;
  if (!Array.isArray(shape)) return layers;
  const dtype = first.className === 'Embedding' ? 'int32' : 'float32';
  return [
    {
      class_name: 'InputLayer',
      config: {
        ...(typeof first.config.name === 'string' && { name: `${first.config.name}_input` }),
        ...{ batch_shape: shape, dtype },
      },
    },
    ...layers,
  ];
}

/** @param outer where the layer is: 'layer encoder' */
export async function makeLayer(
  context: Context,
  description: KerasLayer,
  outer: string,
  depth: number,
): Promise<Layer> {
  const { className, config } = description;
  const name = typeof config.name === 'string' ? config.name : snakeCase(className);
  const place = `${outer === MODEL ? 'layer ' : `${outer}/`}${name}`;
  const custom = customOf(context, description);
  if (custom) {
    const layer = custom(config);
    layer.name = name;
    layer.named = true;
    context.kerasClasses.set(layer, className);
    return layer;
  }
  if (MODELS.has(className)) {
    const raw = { class_name: className, config };
    const { options, order } = await networkOf(context, raw, place, depth + 1);
    const network = new Network({
      ...options,
      name,
      trainable: config.trainable !== false,
      lazy: true,
    });
    context.orders.set(network, order);
    return network;
  }
  return construct(context, description, name, place, depth);
}

export const MODEL = 'the model';

function customOf({ customLayers }: Context, { className, registeredName }: KerasLayer) {
  const names = [className, registeredName, registeredName?.split('>').at(-1)];
  const found = names.find((one) => typeof one === 'string' && Object.hasOwn(customLayers, one));
  return found ? customLayers[found] : null;
}

async function construct(
  context: Context,
  description: KerasLayer,
  name: string,
  place: string,
  depth: number,
): Promise<Layer> {
  const { className, config, module } = description;
  const own = { name, trainable: config.trainable !== false };
  const activation = activationLayer(className, config);
  const isOperation =
    module !== null && /^keras\.src\.ops\b/.test(module) && !MERGES.has(className);
  if (activation !== null) return make(context, 'Activation', { ...own, activation }, place);
  if (isOperation || !Object.hasOwn(RULES, className)) unknown(context, place, description);
  if (className === 'InputLayer')
    return make(context, className, { ...own, ...inputOf(context, place, config) }, place);
  const rule = RULES[className];
  const options = { ...optionsOf(context, place, description), ...own };
  const inner = (value: unknown): Promise<Layer> =>
    makeLayer(context, layerAt(context, place, value), place, depth + 1);
  if (depth > MAX_DEPTH) fail(context, place, `layers are nested more than ${MAX_DEPTH} deep`);
  if (className === 'TextVectorization') return vectorization(context, options, place);
  const inside: Config = {};
  if (config.layer !== undefined) inside.layer = await inner(config.layer);
  if (config.cell !== undefined) inside.cell = await inner(config.cell);
  if (Array.isArray(config.cells)) {
    inside.cells = [];
    for (const cell of config.cells) (inside.cells as Layer[]).push(await inner(cell));
  }
  if (config.backward_layer && !isMirror(config.layer, config.backward_layer))
    inside.backwardLayer = await inner(config.backward_layer);
  const layer = make(context, rule.className ?? className, { ...options, ...inside }, place);
  context.kerasClasses.set(layer, className);
  return layer;
}

/** Operations that are layers here. */
const MERGES = new Set(['Add', 'Subtract', 'Multiply', 'Maximum', 'Minimum']);

function make(context: Context, className: string, config: Config, place: string): Layer {
  const Class = context.classes.get(className)!;
  try {
    return new Class(config as never);
  } catch (error) {
    return fail(context, place, (error as Error).message);
  }
}

function unknown(context: Context, place: string, { className, module }: KerasLayer): never {
  const kind = module && /^keras\.src\.ops\b/.test(module) ? 'an operation' : 'a layer';
  return fail(
    context,
    place,
    `expected ${kind} that is known here (${listed(Object.keys(RULES))}), got ${className}${module ? ` of ${module}` : ''}${hint(className, Object.keys(RULES))}; ` +
      `give a function that makes it as customLayers.${className}`,
  );
}

function inputOf(context: Context, place: string, config: Config): Config {
  const shape = config.batch_shape ?? config.batch_input_shape;
  if (!Array.isArray(shape)) return fail(context, place, 'expected the shape of the input');
  const dtype = typeof config.dtype === 'string' ? config.dtype : 'float32';
  if (dtype === 'string')
    fail(context, place, 'expected texts to go into a TextVectorization layer, got them elsewhere');
  return { batchShape: shape, dtype: /^(u?int|bool)/.test(dtype) ? 'int32' : 'float32' };
}

/** Whether the backward layer is what is made of the forward layer anyway. */
function isMirror(forward: unknown, backward: unknown): boolean {
  const plain = (layer: unknown): string =>
    JSON.stringify(layer, (key, value: unknown) =>
      /^(name|go_backwards|zero_output_for_mask|shared_object_id|build_config)$/.test(key)
        ? undefined
        : value,
    );
  const backwards = (layer: unknown): unknown =>
    isRecord(layer) && isRecord(layer.config) ? layer.config.go_backwards : undefined;
  return plain(forward) === plain(backward) && backwards(forward) !== backwards(backward);
}

async function vectorization(context: Context, options: Config, place: string): Promise<Layer> {
  const { TextVectorization } = await import('../../text/vectorization.ts');
  const count = context.counts.get('TextVectorization') ?? 0;
  context.counts.set('TextVectorization', count + 1);
  const key = count === 0 ? 'text_vectorization' : `text_vectorization_${count}`;
  const text = await context.asset(
    new RegExp(`^assets/(.+/)?${key}/(_lookup_layer/)?vocabulary\\.txt$`),
  );
  const vocabulary = options.vocabulary ?? text?.split('\n');
  if (!Array.isArray(vocabulary))
    fail(
      context,
      place,
      `expected its vocabulary in a file '${key}/vocabulary.txt', got none; adapt() the layer before the model is saved`,
    );
  return new TextVectorization({ ...options, vocabulary });
}
