import { layers, losses, optimizers, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import type { ProgramSettings } from './settings.ts';
import { word } from './words.ts';

/** From the symbols so far to what may come next: a, b, or the end. */
export function build({ cell, units, learningRate, seed }: ProgramSettings): Model {
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

/** All words at once, padded with zeros. */
export function batch({ longest }: ProgramSettings) {
  const words = Array.from({ length: longest }, (_, i) => word(i + 1));
  const pad = (rows: number[][]) => [
    ...rows,
    ...Array<number[]>(2 * longest + 1 - rows.length).fill([0, 0, 0]),
  ];
  return { x: words.map(({ x }) => pad(x)), y: words.map(({ y }) => pad(y)) };
}
