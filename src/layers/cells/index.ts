/**
 * Cells: what `layers.rnn` runs over a sequence, a step at a time as far as anyone sees.
 * `rnn(cells.stacked([cells.lstm(64), cells.gru(32)]))`. A cell of your own extends `Cell`.
 *
 * @module
 */
// A line each, as in the list of layers.
// ---- other ----
export { gru, lstm, simpleRNN } from './fused.ts';
export { stacked } from './stacked.ts';
export { residual, highway } from './skip.ts';
export { jordan } from './jordan.ts';
export { scrn } from './scrn.ts';
export { carryLSTM } from './carry_lstm.ts';
export { convLSTM1D } from './conv_lstm.ts';
export { attention } from './attention.ts';
