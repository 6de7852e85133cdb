/** One function a layer, with its size first and the rest by name: `lstm(64, { returnSequences: true })`. */
import { Activation } from './activation.ts';
import type { Layer, LayerConfig } from './base.ts';
import { BatchNormalization } from './batch_normalization.ts';
import type { BatchNormalizationConfig } from './batch_normalization.ts';
import { Bidirectional } from './bidirectional.ts';
import type { BidirectionalOptions } from './bidirectional.ts';
import { Concatenate } from './concatenate.ts';
import type { ConcatenateConfig } from './concatenate.ts';
import { Conv1D } from './conv1d.ts';
import type { Conv1DOptions } from './conv1d.ts';
import { Dense } from './dense.ts';
import type { DenseOptions } from './dense.ts';
import { Dropout, SpatialDropout1D } from './dropout.ts';
import type { DropoutOptions } from './dropout.ts';
import { Embedding } from './embedding.ts';
import type { EmbeddingLayerOptions } from './embedding.ts';
import { GRU } from './gru.ts';
import type { GRUOptions } from './gru.ts';
import { LayerNormalization } from './layer_normalization.ts';
import type { LayerNormalizationConfig } from './layer_normalization.ts';
import { LSTM } from './lstm.ts';
import type { LSTMOptions } from './lstm.ts';
import { Masking } from './masking.ts';
import type { MaskingConfig } from './masking.ts';
import { Add, Average, Maximum, Minimum, Multiply, Subtract } from './merge.ts';
import { GlobalAveragePooling1D, GlobalMaxPooling1D } from './pooling.ts';
import type { GlobalPoolingConfig } from './pooling.ts';
import type { RecurrentLayer, RecurrentLayerOptions } from './recurrent.ts';
import { Flatten, RepeatVector, Reshape } from './reshape.ts';
import { SimpleRNN } from './simple_rnn.ts';
import { TimeDistributed } from './time_distributed.ts';

export { input } from './input.ts';

// ---- recurrent --------------------------------------------------------------------------------------------------------

export function simpleRNN(units: number, options: RecurrentLayerOptions = {}): SimpleRNN {
  return made(new SimpleRNN({ ...options, units }), options);
}
export function lstm(units: number, options: LSTMOptions = {}): LSTM {
  return made(new LSTM({ ...options, units }), options);
}
export function gru(units: number, options: GRUOptions = {}): GRU {
  return made(new GRU({ ...options, units }), options);
}
export function bidirectional(
  layer: RecurrentLayer,
  options: BidirectionalOptions = {},
): Bidirectional {
  return made(new Bidirectional({ ...options, layer }), options);
}
export function timeDistributed(layer: Layer, options: LayerConfig = {}): TimeDistributed {
  return made(new TimeDistributed({ ...options, layer }), options);
}

// ---- before and after -------------------------------------------------------------------------------------------------

/** @param inputDim the number of ids; the largest id is one less */
export function embedding(
  inputDim: number,
  outputDim: number,
  options: EmbeddingLayerOptions = {},
): Embedding {
  return made(new Embedding({ ...options, inputDim, outputDim }), options);
}
export function masking(options: MaskingConfig = {}): Masking {
  return made(new Masking(options), options);
}
export function dense(units: number, options: DenseOptions = {}): Dense {
  return made(new Dense({ ...options, units }), options);
}
/** @param kernelSize time steps that one output sees */
export function conv1D(filters: number, kernelSize: number, options: Conv1DOptions = {}): Conv1D {
  return made(new Conv1D({ ...options, filters, kernelSize }), options);
}
export function activation(name: Activation['activation'], options: LayerConfig = {}): Activation {
  return made(new Activation({ ...options, activation: name }), options);
}
export function dropout(rate: number, options: DropoutOptions = {}): Dropout {
  return made(new Dropout({ ...options, rate }), options);
}
export function spatialDropout1D(rate: number, options: DropoutOptions = {}): SpatialDropout1D {
  return made(new SpatialDropout1D({ ...options, rate }), options);
}
export function batchNormalization(options: BatchNormalizationConfig = {}): BatchNormalization {
  return made(new BatchNormalization(options), options);
}
export function layerNormalization(options: LayerNormalizationConfig = {}): LayerNormalization {
  return made(new LayerNormalization(options), options);
}

// ---- shapes -----------------------------------------------------------------------------------------------------------

export function flatten(options: LayerConfig = {}): Flatten {
  return made(new Flatten(options), options);
}
export function reshape(targetShape: readonly number[], options: LayerConfig = {}): Reshape {
  return made(new Reshape({ ...options, targetShape }), options);
}
export function repeatVector(n: number, options: LayerConfig = {}): RepeatVector {
  return made(new RepeatVector({ ...options, n }), options);
}
export function globalAveragePooling1D(options: GlobalPoolingConfig = {}): GlobalAveragePooling1D {
  return made(new GlobalAveragePooling1D(options), options);
}
export function globalMaxPooling1D(options: GlobalPoolingConfig = {}): GlobalMaxPooling1D {
  return made(new GlobalMaxPooling1D(options), options);
}

// ---- several inputs ---------------------------------------------------------------------------------------------------

export function concatenate(options: ConcatenateConfig = {}): Concatenate {
  return made(new Concatenate(options), options);
}
export function add(options: LayerConfig = {}): Add {
  return made(new Add(options), options);
}
export function subtract(options: LayerConfig = {}): Subtract {
  return made(new Subtract(options), options);
}
export function multiply(options: LayerConfig = {}): Multiply {
  return made(new Multiply(options), options);
}
export function average(options: LayerConfig = {}): Average {
  return made(new Average(options), options);
}
export function maximum(options: LayerConfig = {}): Maximum {
  return made(new Maximum(options), options);
}
export function minimum(options: LayerConfig = {}): Minimum {
  return made(new Minimum(options), options);
}

/** The layer, if it knows all the options that it was given: a misspelt one would go unnoticed otherwise. */
function made<L extends Layer>(layer: L, options: object): L {
  const known = Object.keys(layer.getConfig());
  const unknown = Object.keys(options).find((option) => !known.includes(option));
  if (unknown === undefined) return layer;
  throw new Error(
    `${layer.name}: expected options of ${known.join(', ')}, got '${unknown}'; check its spelling`,
  );
}
