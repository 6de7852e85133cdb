/**
 * Cells, a line each: what `layers.rnn` runs over a sequence. `rnn(cells.stacked([cells.lstm(64), cells.gru(32)]))`. A cell of your own
 * extends `Cell`.
 */
// ---- cells ----
export { gru, lstm, simpleRNN } from './fused.ts';
export { stacked } from './stacked.ts';
