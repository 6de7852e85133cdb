/**
 * The layers: functions that make them. Sizes come first, the rest by name:
 * `layers.lstm(64, { returnSequences: true })`. What each makes is used in `sequential`, or with `apply` in a graph.
 * Shapes: B batch, T time steps, I features of the input.
 *
 * @module
 */
// Two lines each: the function that makes one, from the file that its class lives in; and the types of the class and of its options.
//
// Headings are families, of which `npm run generate` makes two lists of classes for `loadModel`. `core`, which hardly any model does without, comes
// with `loadModel` itself; a file that names another layer loads the list of all.
export { input } from './input.ts';
export type { InputLayer, InputOptions } from './input.ts';
// What several have in common.
export type { ActivationOption } from './activation_names.ts';
export type { CellActivation, CellActivationOption } from './activation_names.ts';
export type { AttentionApplyOptions, AttentionLayerOptions } from './attention_layer.ts';
export type { GatedOptions } from './gated.ts';
export type { GatedScanOptions } from './gated_scan.ts';
export type { InitializerOption } from './initializer_options.ts';
export type { Network, NetworkOptions } from './network.ts';
export type { PairOption } from './picture_windows.ts';
export type { Pair } from '../ops/windows2d.ts';
export type { RecurrentLayer, RecurrentLayerOptions } from './recurrent.ts';
export type { ScanLayerOptions } from './scan_layer.ts';
export type { SequenceLayer, SequenceLayerOptions } from './sequence_layer.ts';
export type { ZoneoutOption } from './zoneout.ts';

// ---- core ----
export { simpleRNN } from './simple_rnn.ts';
export type { SimpleRNN } from './simple_rnn.ts';
export { lstm } from './lstm.ts';
export type { LSTM, LSTMOptions } from './lstm.ts';
export { gru } from './gru.ts';
export type { GRU, GRUOptions } from './gru.ts';
export { bidirectional } from './bidirectional.ts';
export type { Bidirectional, BidirectionalOptions, MergeMode } from './bidirectional.ts';
export { embedding } from './embedding.ts';
export type { Embedding, EmbeddingLayerOptions } from './embedding.ts';
export { masking } from './masking.ts';
export type { Masking, MaskingConfig } from './masking.ts';
export { dense } from './dense.ts';
export type { Dense, DenseOptions } from './dense.ts';
export { activation } from './activation.ts';
export type { Activation } from './activation.ts';
export { dropout, spatialDropout1D } from './dropout.ts';
export type { Dropout, DropoutOptions, SpatialDropout1D } from './dropout.ts';
export { timeDistributed } from './time_distributed.ts';
export type { TimeDistributed } from './time_distributed.ts';

// ---- other ----
export { peepholeLSTM } from './lstm_peephole.ts';
export type { PeepholeLSTM, PeepholeLSTMOptions } from './lstm_peephole.ts';
export { projectedLSTM } from './lstm_projected.ts';
export type { ProjectedLSTM, ProjectedLSTMOptions } from './lstm_projected.ts';
export { layerNormLSTM } from './lstm_layernorm.ts';
export type { LayerNormLSTM, LayerNormLSTMOptions } from './lstm_layernorm.ts';
export { clockworkRNN } from './clockwork.ts';
export type { ClockworkRNN, ClockworkRNNOptions } from './clockwork.ts';
export { indRNN } from './ind_rnn.ts';
export type { IndRNN, IndRNNOptions } from './ind_rnn.ts';
export { minimalGatedUnit } from './minimal_gated_unit.ts';
export type { MinimalGatedUnit, MinimalGatedUnitOptions } from './minimal_gated_unit.ts';
export { sLSTM } from './slstm.ts';
export type { SLSTM, SLSTMOptions } from './slstm.ts';
export { rnn } from './rnn.ts';
export type { RNN, RNNOptions } from './rnn.ts';
export { jordanRNN, scrn, carryLSTM, clippedLSTM, convLSTM1D } from './rnn_layers.ts';
export { minGRU } from './min_gru.ts';
export type { MinGRU, MinGRUOptions, PositiveCandidates } from './min_gru.ts';
export { minLSTM } from './min_lstm.ts';
export type { MinLSTM, MinLSTMOptions } from './min_lstm.ts';
export { sru } from './sru.ts';
export type { SRU, SRUOptions } from './sru.ts';
export { lru } from './lru.ts';
export type { LRU, LRUOptions } from './lru.ts';
export { conv1D } from './conv1d.ts';
export type { Conv1D, Conv1DOptions } from './conv1d.ts';
export { conv2D } from './conv2d.ts';
export type { Conv2D, Conv2DOptions } from './conv2d.ts';
export { maxPooling2D } from './max_pooling2d.ts';
export type { MaxPooling2D, MaxPooling2DOptions } from './max_pooling2d.ts';
export { sampledSoftmax } from './sampled_softmax.ts';
export type { SampledSoftmax, SampledSoftmaxOptions } from './sampled_softmax.ts';
export { tdnn } from './tdnn.ts';
export type { TDNNOptions } from './tdnn.ts';
export { globalAveragePooling1D, globalMaxPooling1D } from './pooling.ts';
export type { GlobalAveragePooling1D, GlobalMaxPooling1D, GlobalPoolingConfig } from './pooling.ts';
export { batchNormalization } from './batch_normalization.ts';
export type { BatchNormalization, BatchNormalizationConfig } from './batch_normalization.ts';
export { layerNormalization } from './layer_normalization.ts';
export type { LayerNormalization, LayerNormalizationConfig } from './layer_normalization.ts';
export { flatten, reshape, repeatVector } from './reshape.ts';
export type { Flatten, RepeatVector, Reshape } from './reshape.ts';
export { concatenate } from './concatenate.ts';
export type { Concatenate, ConcatenateConfig } from './concatenate.ts';
export { add, subtract, multiply, average, maximum, minimum } from './merge.ts';
export type { Add, Average, Maximum, Minimum, Multiply, Subtract } from './merge.ts';
export { attention } from './attention.ts';
export type { Attention, AttentionOptions } from './attention.ts';
export { additiveAttention } from './additive_attention.ts';
export type { AdditiveAttention, AdditiveAttentionOptions } from './additive_attention.ts';
export { multiHeadAttention } from './multi_head_attention.ts';
export type { MultiHeadAttention, MultiHeadAttentionOptions } from './multi_head_attention.ts';
export { scheduledSampling } from './scheduled_sampling.ts';
export type { ScheduledSampling, ScheduledSamplingOptions } from './scheduled_sampling.ts';
