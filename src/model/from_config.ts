/** From the JSON of an architecture back to layers, whose classes are loaded first. */
import { check, show } from '../options.ts';
import type { Check } from '../options.ts';
import type { GraphConfig, LayerDescription, StackConfig } from '../layers/architecture.ts';
import { Layer } from '../layers/base.ts';
import type { Config } from '../layers/base.ts';
import { CUSTOM_LAYERS } from '../layers/custom_layers.ts';
import { connectConfig } from './graph_config.ts';
import { CORE_CLASSES } from './layer_classes/core.generated.ts';
import { InputLayer } from '../layers/input.ts';
import { checkValues } from '../layers/known_options.ts';
import { Network } from '../layers/network.ts';
import type { NetworkOptions } from '../layers/network.ts';

interface LayerClass {
  new (config: never): Layer;
  readonly layerOptions: readonly string[];
}
/** Classes of layers by the names that they have in files. */
export type LayerClasses = ReadonlyMap<string, LayerClass>;

type NetworkConfig = (StackConfig | GraphConfig) & { name?: string; trainable?: boolean };

const loadAll = () => import('./layer_classes/all.generated.ts');
const GRAPHS = ['Sequential', 'Functional'];

/** The classes of layers: those that hardly any model does without, or all where a config names another one. */
export async function loadClasses(config: unknown): Promise<LayerClasses> {
  const core = { InputLayer, ...CORE_CLASSES };
  const isThere = (name: string): boolean =>
    [core, CUSTOM_LAYERS].some((known) => Object.hasOwn(known, name)) || GRAPHS.includes(name);
  const found = [...namesIn(config)].every(isThere) ? {} : (await loadAll()).CLASSES;
  return new Map(Object.entries<LayerClass>({ ...core, ...found }));
}

/** Whatever stands as a `className` anywhere. */
function namesIn(config: unknown, found = new Set<string>()): Set<string> {
  if (typeof config !== 'object' || config === null) return found;
  for (const [key, value] of Object.entries(config))
    if (key === 'className') found.add(value as string);
    else namesIn(value, found);
  return found;
}

const LAYER: Check = ['a layer', (value) => value instanceof Layer];

/** A new layer. `classes` are those that `loadClasses` gave for its description, or for one that this is a part of. */
export function layerFromConfig(description: LayerDescription, classes: LayerClasses): Layer {
  try {
    const { className, config } = description;
    if (Object.hasOwn(CUSTOM_LAYERS, className)) {
      const made = CUSTOM_LAYERS[className](config as never);
      return check('registerLayer', `what '${className}' makes`, made, LAYER);
    }
    // The network around it knows the device.
    if (GRAPHS.includes(className))
      return new Network({ ...networkOptions(config as never, classes), lazy: true });
    const Class = classes.get(className);
    if (!Class) throw unknownClass(className, classes);
    checkValues(typeof config.name === 'string' ? config.name : className, config);
    return new Class(withLayers(config, Class.layerOptions, classes) as never);
  } catch (error) {
    // The classes check values; a kind of value that they do not foresee ends here.
    if (!(error instanceof TypeError)) throw error;
    throw new Error(
      `model config: expected { className, config } of a layer, got ${String(JSON.stringify(description)).slice(0, 200)}; the file is damaged`,
      { cause: error },
    );
  }
}

/** The config with layers, or lists of layers, in place of their descriptions. */
function withLayers(config: Config, options: readonly string[], classes: LayerClasses): Config {
  const given = options.filter((option) => config[option] !== undefined);
  const made = (description: unknown): Layer =>
    layerFromConfig(description as LayerDescription, classes);
  return given.reduce(
    (all, option) => ({
      ...all,
      [option]: Array.isArray(config[option]) ? config[option].map(made) : made(config[option]),
    }),
    config,
  );
}

function unknownClass(className: string, classes: LayerClasses): Error {
  const known = [...classes.keys(), ...GRAPHS, ...Object.keys(CUSTOM_LAYERS)].sort();
  // Those of gatefold/formats.
  const instead = /^Onnx/.test(className)
    ? 'load the .onnx file again with loadOnnx(), and then call loadWeights()'
    : /^Torch/.test(className)
      ? 'call registerTorchLayers() of gatefold/formats before'
      : 'register your own with registerLayer()';
  return new Error(
    `model config: expected a layer class of ${known.join(', ')}, got ${show(className)}; ${instead}`,
  );
}

/** What a network is made of, for the constructor of `Network` or of a class derived from it. */
export function networkOptions(config: NetworkConfig, classes: LayerClasses): NetworkOptions {
  const { name, trainable } = config;
  if (!Array.isArray(config.layers))
    throw new Error(
      `model config: expected an object with an array 'layers', got ${show(config.layers)}; pass what getConfig() gives`,
    );
  const make = (description: LayerDescription): Layer => layerFromConfig(description, classes);
  if ('calls' in config) return { name, trainable, ...connectConfig(config, make) };
  return { name, trainable, layers: config.layers.map(make) };
}
