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
import { REGISTERED } from './registered.ts';
import type { Make } from './registered.ts';
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

const LAYERS: Record<string, Make> = {
  Activation: (config) => new Activation(config),
  Add: (config) => new Add(config),
  Average: (config) => new Average(config),
  BatchNormalization: (config) => new BatchNormalization(config),
  Concatenate: (config) => new Concatenate(config),
  Conv1D: (config) => new Conv1D(config),
  Dense: (config) => new Dense(config),
  Dropout: (config) => new Dropout(config),
  Embedding: (config) => new Embedding(config),
  Flatten: (config) => new Flatten(config),
  GlobalAveragePooling1D: (config) => new GlobalAveragePooling1D(config),
  GlobalMaxPooling1D: (config) => new GlobalMaxPooling1D(config),
  GRU: (config) => new GRU(config),
  InputLayer: (config) => new InputLayer(config),
  LayerNormalization: (config) => new LayerNormalization(config),
  LSTM: (config) => new LSTM(config),
  Masking: (config) => new Masking(config),
  Maximum: (config) => new Maximum(config),
  Minimum: (config) => new Minimum(config),
  Multiply: (config) => new Multiply(config),
  RepeatVector: (config) => new RepeatVector(config),
  Reshape: (config) => new Reshape(config),
  SimpleRNN: (config) => new SimpleRNN(config),
  SpatialDropout1D: (config) => new SpatialDropout1D(config),
  Subtract: (config) => new Subtract(config),
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
    const known = { ...LAYERS, ...REGISTERED };
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
