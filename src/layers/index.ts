/** One function a layer, with its size first and the rest by name: `lstm(64, { returnSequences: true })`. */
import { Activation } from './activation.ts';
import type { Layer, LayerConfig } from './base.ts';
import { Bidirectional } from './bidirectional.ts';
import type { BidirectionalOptions } from './bidirectional.ts';
import { Concatenate } from './concatenate.ts';
import type { ConcatenateConfig } from './concatenate.ts';
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
  return new SimpleRNN({ ...options, units });
}
export function lstm(units: number, options: LSTMOptions = {}): LSTM {
  return new LSTM({ ...options, units });
}
export function gru(units: number, options: GRUOptions = {}): GRU {
  return new GRU({ ...options, units });
}
export function bidirectional(
  layer: RecurrentLayer,
  options: BidirectionalOptions = {},
): Bidirectional {
  return new Bidirectional({ ...options, layer });
}
export function timeDistributed(layer: Layer, options: LayerConfig = {}): TimeDistributed {
  return new TimeDistributed({ ...options, layer });
}

// ---- before and after -------------------------------------------------------------------------------------------------

/** @param inputDim the number of ids; the largest id is one less */
export function embedding(
  inputDim: number,
  outputDim: number,
  options: EmbeddingLayerOptions = {},
): Embedding {
  return new Embedding({ ...options, inputDim, outputDim });
}
export function masking(options: MaskingConfig = {}): Masking {
  return new Masking(options);
}
export function dense(units: number, options: DenseOptions = {}): Dense {
  return new Dense({ ...options, units });
}
export function activation(name: Activation['activation'], options: LayerConfig = {}): Activation {
  return new Activation({ ...options, activation: name });
}
export function dropout(rate: number, options: DropoutOptions = {}): Dropout {
  return new Dropout({ ...options, rate });
}
export function spatialDropout1D(rate: number, options: DropoutOptions = {}): SpatialDropout1D {
  return new SpatialDropout1D({ ...options, rate });
}
export function layerNormalization(options: LayerNormalizationConfig = {}): LayerNormalization {
  return new LayerNormalization(options);
}

// ---- shapes -----------------------------------------------------------------------------------------------------------

export function flatten(options: LayerConfig = {}): Flatten {
  return new Flatten(options);
}
export function reshape(targetShape: readonly number[], options: LayerConfig = {}): Reshape {
  return new Reshape({ ...options, targetShape });
}
export function repeatVector(n: number, options: LayerConfig = {}): RepeatVector {
  return new RepeatVector({ ...options, n });
}
export function globalAveragePooling1D(options: GlobalPoolingConfig = {}): GlobalAveragePooling1D {
  return new GlobalAveragePooling1D(options);
}
export function globalMaxPooling1D(options: GlobalPoolingConfig = {}): GlobalMaxPooling1D {
  return new GlobalMaxPooling1D(options);
}

// ---- several inputs ---------------------------------------------------------------------------------------------------

export function concatenate(options: ConcatenateConfig = {}): Concatenate {
  return new Concatenate(options);
}
export function add(options: LayerConfig = {}): Add {
  return new Add(options);
}
export function subtract(options: LayerConfig = {}): Subtract {
  return new Subtract(options);
}
export function multiply(options: LayerConfig = {}): Multiply {
  return new Multiply(options);
}
export function average(options: LayerConfig = {}): Average {
  return new Average(options);
}
export function maximum(options: LayerConfig = {}): Maximum {
  return new Maximum(options);
}
export function minimum(options: LayerConfig = {}): Minimum {
  return new Minimum(options);
}
