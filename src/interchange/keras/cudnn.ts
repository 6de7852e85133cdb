/**
 * The layout of CuDNNLSTM and CuDNNGRU of Keras 2 (`_convert_rnn_weights` of its hdf5_format.py). A gate's kernel [I, H] holds a matrix [H, I] row by
 * row, its recurrent kernel is transposed, and there are two biases. Gates come in the order of Keras.
 */
import { add, floats, stack } from '../arrays.ts';
import type { Floats } from '../arrays.ts';

export const isCudnn = (className: string | undefined): boolean =>
  className === 'CuDNNLSTM' || className === 'CuDNNGRU';

/** @param weights kernel [I, G·H], recurrent kernel [H, G·H], bias [2·G·H] */
export function fromCudnn(className: string, weights: readonly Floats[]): Floats[] {
  const [kernel, recurrent, bias] = weights;
  const gates = className === 'CuDNNLSTM' ? 4 : 3;
  const width = bias.data.length / 2;
  const half = (k: number): Floats => floats([width], bias.data.slice(k * width, (k + 1) * width));
  return [
    perGate(kernel, gates),
    perGate(recurrent, gates),
    gates === 4 ? add(half(0), half(1)) : stack([half(0), half(1)]),
  ];
}

/** Each gate's block [rows, H], read row by row as a matrix [H, rows], transposed. */
function perGate({ data, shape: [rows, columns] }: Floats, gates: number): Floats {
  const units = columns / gates;
  const result = new Float32Array(data.length);
  for (let gate = 0; gate < gates; gate++)
    for (let place = 0; place < rows * units; place++) {
      const value = data[Math.floor(place / units) * columns + gate * units + (place % units)];
      const [unit, row] = [Math.floor(place / rows), place % rows];
      result[row * columns + gate * units + unit] = value;
    }
  return floats([rows, columns], result);
}
