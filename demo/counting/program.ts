import { layers, losses, optimizers, sequential } from 'gatefold';
import type { Model } from 'gatefold';

export interface Settings {
  cell: 'simpleRNN' | 'lstm' | 'gru';
  units: number;
  /** Words up to this count are trained on. */
  longest: number;
  learningRate: number;
  seed: number;
}

/** From the symbols so far to what may come next: a, b, or the end. */
export function build({ cell, units, learningRate, seed }: Settings): Model {
  const network = sequential(
    [
      layers.input({ shape: [null, 3] }),
      layers.masking(),
      layers[cell](units, { returnSequences: true, name: 'counter' }),
      layers.dense(3, { activation: 'sigmoid' }),
    ],
    { seed },
  );
  network.compile({
    optimizer: optimizers.adam({ learningRate }),
    loss: losses.binaryCrossentropy(),
  });
  return network;
}

const oneHot = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]; // a, b, start

/** The word of n a and n b: what is seen, and what may follow each symbol. While there are only a, both letters may come. */
export function word(n: number) {
  const places = Array.from({ length: 2 * n + 1 }, (_, t) => t);
  return {
    x: places.map((t) => oneHot[t === 0 ? 2 : t <= n ? 0 : 1]),
    y: places.map((t) => [t <= n ? 1 : 0, t > 0 && t < 2 * n ? 1 : 0, t === 2 * n ? 1 : 0]),
  };
}

/** All words at once, padded with zeros. */
export function batch({ longest }: Settings) {
  const words = Array.from({ length: longest }, (_, i) => word(i + 1));
  const pad = (rows: number[][]) => [
    ...rows,
    ...Array<number[]>(2 * longest + 1 - rows.length).fill([0, 0, 0]),
  ];
  return { x: words.map(({ x }) => pad(x)), y: words.map(({ y }) => pad(y)) };
}
