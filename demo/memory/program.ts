import { layers, optimizers, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import type { ProgramSettings } from './settings.ts';

/** Two numbers in each row; what is no number is 0. */
export const matrixOf = (text: string): number[][] =>
  text.split(';').map((row) => {
    const [a, b] = row.trim().split(/\s+/).map(Number);
    return [Number.isFinite(a) ? a : 0, Number.isFinite(b) ? b : 0];
  });
const square = (text: string) => [...matrixOf(text), [0, 0], [0, 0]].slice(0, 2);

/** memory' = x·kernel + memory·recurrent, answer = memory'·output. No bias. */
export function build({
  kernel,
  recurrent,
  output,
  activation,
  learningRate,
}: ProgramSettings): Model {
  const network = sequential([
    layers.input({ shape: [null, 2] }),
    layers.simpleRNN(2, { activation, useBias: false, returnSequences: true, name: 'memory' }),
    layers.dense(2, { useBias: false }),
  ]);
  network.setWeights([square(kernel), square(recurrent), square(output)]);
  network.compile({ optimizer: optimizers.adam({ learningRate }), loss: 'meanSquaredError' });
  return network;
}

/** It shall learn to add up what came in so far. */
export function batch({ inputs }: ProgramSettings) {
  const x = matrixOf(inputs);
  const total = (t: number, i: number) => x.slice(0, t + 1).reduce((sum, row) => sum + row[i], 0);
  return { x: [x], y: [x.map((_, t) => [total(t, 0), total(t, 1)])] };
}
