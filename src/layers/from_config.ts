/** From the JSON of an architecture back to layers: the one table of names. Loaded late, with what loads models. */
import type { GraphConfig, LayerDescription, StackConfig } from './architecture.ts';
import { Activation } from './activation.ts';
import type { Layer } from './base.ts';
import { BatchNormalization } from './batch_normalization.ts';
import { Bidirectional } from './bidirectional.ts';
import type { BidirectionalOptions } from './bidirectional.ts';
import { Concatenate } from './concatenate.ts';
import { Conv1D } from './conv1d.ts';
import { Dense } from './dense.ts';
import { Dropout, SpatialDropout1D } from './dropout.ts';
import { Embedding } from './embedding.ts';
import { connectConfig } from './graph_config.ts';
import { GRU } from './gru.ts';
import { InputLayer } from './input.ts';
import { LayerNormalization } from './layer_normalization.ts';
import { LSTM } from './lstm.ts';
import { Masking } from './masking.ts';
import { Add, Average, Maximum, Minimum, Multiply, Subtract } from './merge.ts';
import { Network } from './network.ts';
import type { NetworkOptions } from './network.ts';
import { GlobalAveragePooling1D, GlobalMaxPooling1D } from './pooling.ts';
import type { RecurrentLayer } from './recurrent.ts';
import { REGISTERED } from './custom_layers.ts';
import type { Make } from './custom_layers.ts';
import { Flatten, RepeatVector, Reshape } from './reshape.ts';
import { SimpleRNN } from './simple_rnn.ts';
import { TimeDistributed } from './time_distributed.ts';

// The network around it knows the device.
const nested: Make = (config: StackConfig | GraphConfig) =>
  new Network({ ...networkOptions(config), lazy: true });

type WrapperConfig = Omit<BidirectionalOptions, 'backwardLayer'> & {
  layer: LayerDescription;
  backwardLayer?: LayerDescription;
};

interface PlainClass {
  new (config: never): Layer;
  readonly prototype: Layer;
}

/** Layers that are made of their config as it is. Each bears its name itself. */
const PLAIN: readonly PlainClass[] = [
  Activation,
  Add,
  Average,
  BatchNormalization,
  Concatenate,
  Conv1D,
  Dense,
  Dropout,
  Embedding,
  Flatten,
  GlobalAveragePooling1D,
  GlobalMaxPooling1D,
  GRU,
  InputLayer,
  LayerNormalization,
  LSTM,
  Masking,
  Maximum,
  Minimum,
  Multiply,
  RepeatVector,
  Reshape,
  SimpleRNN,
  SpatialDropout1D,
  Subtract,
];

/** The others, by name. */
const LAYERS: Record<string, Make> = {
  Bidirectional: ({ layer, backwardLayer, ...options }: WrapperConfig) =>
    new Bidirectional({
      ...options,
      layer: layerFromConfig(layer) as RecurrentLayer,
      backwardLayer: backwardLayer && (layerFromConfig(backwardLayer) as RecurrentLayer),
    }),
  TimeDistributed: ({ layer, ...options }: WrapperConfig) =>
    new TimeDistributed({ ...options, layer: layerFromConfig(layer) }),
  Sequential: nested,
  Functional: nested,
};

export function layerFromConfig(description: LayerDescription): Layer {
  try {
    const { className, config } = description;
    const plain = PLAIN.map((Class) => [Class.prototype.className, (own: never) => new Class(own)]);
    const known = { ...(Object.fromEntries(plain) as typeof LAYERS), ...LAYERS, ...REGISTERED };
    const make = Object.hasOwn(known, className) ? known[className] : undefined;
    if (!make)
      throw new Error(
        `model config: expected a layer class of ${Object.keys(known).join(', ')}, got '${className}'; register your own with registerLayer()`,
      );
    return make(config as never);
  } catch (error) {
    // The classes check values; a kind of value that they do not foresee ends here.
    if (!(error instanceof TypeError)) throw error;
    throw new Error(
      `model config: expected { className, config } of a layer, got ${String(JSON.stringify(description)).slice(0, 200)}; the file is damaged`,
      { cause: error },
    );
  }
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
