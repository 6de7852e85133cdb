/** From the JSON of an architecture back to layers: the one table of names. */
import type { Device } from '../backend.ts';
import { connectConfig } from './architecture.ts';
import type { GraphConfig, LayerDescription, StackConfig } from './architecture.ts';
import type { Layer } from './base.ts';
import { InputLayer } from './input.ts';
import { Network } from './network.ts';
import type { NetworkOptions } from './network.ts';

/** A config is what the constructor of its class takes: the classes check it. */
type Make = (config: never) => Layer;

const nested: Make = (config: StackConfig | GraphConfig) => new Network(networkOptions(config));

const LAYERS: Record<string, Make> = {
  InputLayer: (config) => new InputLayer(config),
  Sequential: nested,
  Functional: nested,
};

/** Adds a layer class of your own, so that models with it can be loaded. */
export function registerLayer(className: string, make: (config: never) => Layer): void {
  LAYERS[className] = make;
}

export function layerFromConfig({ className, config }: LayerDescription): Layer {
  const make = Object.hasOwn(LAYERS, className) ? LAYERS[className] : undefined;
  if (!make)
    throw new Error(
      `model config: expected a layer class of ${Object.keys(LAYERS).join(', ')}, got '${className}'; register your own with registerLayer()`,
    );
  return make(config as never);
}

/** What a network is made of, for the constructor of `Network` or of a class derived from it. */
export function networkOptions(
  config: (StackConfig | GraphConfig) & { name?: string; trainable?: boolean },
): NetworkOptions {
  const { name, trainable } = config;
  if (!Array.isArray(config.layers))
    throw new Error(
      `model config: expected an object with an array 'layers', got ${typeof config.layers}; pass what getConfig() gives`,
    );
  if ('calls' in config) return { name, trainable, ...connectConfig(config, layerFromConfig) };
  return { name, trainable, layers: config.layers.map(layerFromConfig) };
}

/** A network with new weights, from what its `getConfig()` gave. */
export function networkFromConfig(
  config: Parameters<typeof networkOptions>[0],
  options: { seed?: number; device?: Device } = {},
): Network {
  return new Network({ ...networkOptions(config), ...options });
}
