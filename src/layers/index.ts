/**
 * The layers: functions that make them. Sizes come first, the rest by name:
 * `layers.lstm(64, { returnSequences: true })`. What each makes is used in `sequential`, or with `apply` in a graph.
 * Shapes: B batch, T time steps, I features of the input.
 *
 * @module
 */
// A line each: the function that makes one, from the file that its class lives in.
//
// Headings are families: `loadModel` loads those of the layers that a file names, by the table that `npm run generate` makes of these
// lines. The family `core`, which hardly any model does without, comes with `loadModel` itself. All others are one family: bundlers put what
// two families share into chunks of its own, which cost more than a third family saves.
export { input } from './input.ts';

// ---- core ----
export { simpleRNN } from './simple_rnn.ts';
export { lstm } from './lstm.ts';
export { gru } from './gru.ts';
export { bidirectional } from './bidirectional.ts';
export { embedding } from './embedding.ts';
export { masking } from './masking.ts';
export { dense } from './dense.ts';
export { activation } from './activation.ts';
export { dropout, spatialDropout1D } from './dropout.ts';
export { timeDistributed } from './time_distributed.ts';

// ---- other ----
export { peepholeLSTM } from './lstm_peephole.ts';
export { projectedLSTM } from './lstm_projected.ts';
export { layerNormLSTM } from './lstm_layernorm.ts';
export { clockworkRNN } from './clockwork.ts';
export { indRNN } from './ind_rnn.ts';
export { minimalGatedUnit } from './minimal_gated_unit.ts';
export { sLSTM } from './slstm.ts';
export { rnn } from './rnn.ts';
export { jordanRNN, scrn, carryLSTM, convLSTM1D } from './rnn_layers.ts';
export { minGRU } from './min_gru.ts';
export { minLSTM } from './min_lstm.ts';
export { sru } from './sru.ts';
export { lru } from './lru.ts';
export { conv1D } from './conv1d.ts';
export { conv2D } from './conv2d.ts';
export { maxPooling2D } from './max_pooling2d.ts';
export { sampledSoftmax } from './sampled_softmax.ts';
export { tdnn } from './tdnn.ts';
export { globalAveragePooling1D, globalMaxPooling1D } from './pooling.ts';
export { batchNormalization } from './batch_normalization.ts';
export { layerNormalization } from './layer_normalization.ts';
export { flatten, reshape, repeatVector } from './reshape.ts';
export { concatenate } from './concatenate.ts';
export { add, subtract, multiply, average, maximum, minimum } from './merge.ts';
export { attention } from './attention.ts';
export { additiveAttention } from './additive_attention.ts';
export { multiHeadAttention } from './multi_head_attention.ts';
export { scheduledSampling } from './scheduled_sampling.ts';
