/** Layers that are `rnn` of one cell, with the options of both. An Elman network, whose hidden units come back, is `simpleRNN`. */
import type { Cell } from './cells/cell.ts';
import * as carry from './cells/carry_lstm.ts';
import * as clipped from './cells/clipped_lstm.ts';
import * as convolutional from './cells/conv_lstm.ts';
import { jordan } from './cells/jordan.ts';
import type { JordanCellOptions } from './cells/jordan.ts';
import * as constrained from './cells/scrn.ts';
import { rnn } from './rnn.ts';
import type { RNN, RNNOptions } from './rnn.ts';
import { SEQUENCE_DEFAULTS } from './sequence_layer.ts';

/**
 * A Jordan network, whose output comes back (Jordan 1986): `rnn(cells.jordan(units, outputUnits))`. Input [B, T, I];
 * output [B, outputUnits], or of every step. Takes the options of the cell and of the layer.
 */
export function jordanRNN(
  units: number,
  outputUnits: number,
  options: JordanCellOptions & RNNOptions = {},
): RNN {
  return rnnOf((own) => jordan(units, outputUnits, own), options);
}

/**
 * A structurally constrained recurrent network (Mikolov et al. 2015): `rnn(cells.scrn(units, contextUnits))`. Input [B,
 * T, I]; output [B, units + contextUnits], or of every step. Takes the options of the cell and of the layer.
 */
export function scrn(
  units: number,
  contextUnits: number,
  options: constrained.SCRNCellOptions & RNNOptions = {},
): RNN {
  return rnnOf((own) => constrained.scrn(units, contextUnits, own), options);
}

/**
 * The textbook's LSTM (Chollet, "Deep Learning with Python"), whose output gate sees the carry through a matrix:
 * `rnn(cells.carryLSTM(units))`. Input [B, T, I]; output [B, units], or of every step. Takes the options of the cell
 * and of the layer.
 */
export function carryLSTM(
  units: number,
  options: carry.CarryLSTMCellOptions & RNNOptions = {},
): RNN {
  return rnnOf((own) => carry.carryLSTM(units, own), options);
}

/**
 * An LSTM whose sums of gates are clipped, and whose output has an activation of its own, as the operator of ONNX may
 * have: `rnn(cells.clippedLSTM(units))`. Input [B, T, I]; output [B, units], or of every step. Takes the options of the
 * cell and of the layer.
 *
 * @example
 * ```js
 * const layer = layers.clippedLSTM(8, { clip: 3, activation: 'relu', outputActivation: 'tanh' });
 * ```
 */
export function clippedLSTM(
  units: number,
  options: clipped.ClippedLSTMCellOptions & RNNOptions = {},
): RNN {
  return rnnOf((own) => clipped.clippedLSTM(units, own), options);
}

/**
 * A convolutional LSTM (Shi et al. 2015) over inputs [B, T, rows, channels]:
 * `rnn(cells.convLSTM1D(filters, kernelSize))`. Output [B, rows', filters], or of every step. Takes the options of the
 * cell and of the layer.
 */
export function convLSTM1D(
  filters: number,
  kernelSize: number,
  options: convolutional.ConvLSTM1DCellOptions & RNNOptions = {},
): RNN {
  return rnnOf((own) => convolutional.convLSTM1D(filters, kernelSize, own), options);
}

/** The cell gets the options that are not the layer's. */
function rnnOf<O extends RNNOptions>(make: (options: O) => Cell, options: O): RNN {
  // What is no object, the cell refuses by name.
  if (!options) return rnn(make(options), {});
  const ofLayer = [...Object.keys(SEQUENCE_DEFAULTS), 'name', 'trainable', 'seed'];
  const select = (layer: boolean): object =>
    Object.fromEntries(
      Object.entries(options).filter(([name]) => ofLayer.includes(name) === layer),
    );
  return rnn(make(select(false) as O), select(true));
}
