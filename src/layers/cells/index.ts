/**
 * Cells: what `layers.rnn` runs over a sequence, a step at a time as far as anyone sees.
 * `rnn(cells.stacked([cells.lstm(64), cells.gru(32)]))`. A cell of your own extends `Cell`.
 *
 * @module
 */
// A line each, as in the list of layers.
export type { CellDefinition } from './definition.ts';
export type { WrittenCellOptions } from './written.ts';
// ---- other ----
export { gru, lstm, simpleRNN } from './fused.ts';
export type {
  GRUCell,
  GRUCellOptions,
  LSTMCell,
  LSTMCellOptions,
  SimpleRNNCell,
  SimpleRNNCellOptions,
} from './fused.ts';
export { stacked } from './stacked.ts';
export type { StackedRNNCells } from './stacked.ts';
export { residual, highway } from './skip.ts';
export type { HighwayCell, ResidualCell } from './skip.ts';
export { jordan } from './jordan.ts';
export type { JordanCell, JordanCellOptions } from './jordan.ts';
export { scrn } from './scrn.ts';
export type { SCRNCell, SCRNCellOptions } from './scrn.ts';
export { carryLSTM } from './carry_lstm.ts';
export type { CarryLSTMCell, CarryLSTMCellOptions } from './carry_lstm.ts';
export { clippedLSTM } from './clipped_lstm.ts';
export type { ClippedLSTMCell, ClippedLSTMCellOptions } from './clipped_lstm.ts';
export { convLSTM1D } from './conv_lstm.ts';
export type { ConvLSTM1DCell, ConvLSTM1DCellOptions } from './conv_lstm.ts';
export { attention } from './attention.ts';
export type { AttentionCell, AttentionCellOptions } from './attention.ts';
