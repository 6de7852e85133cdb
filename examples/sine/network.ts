import { layers, optimizers, sequential } from '../../src/index.ts';
import type { Model } from '../../src/index.ts';

export const cells = { RNN: layers.simpleRNN, LSTM: layers.lstm };
export type Cell = keyof typeof cells;

/** Points in a segment, which is half a period long. */
export const POINTS = 10;

/**
 * Sine [1,10,1] → stateful recurrent layer of 32 units → cosine [1,10,1]. Each segment starts with the final state of the one
 * before, and no gradient flows back through that state (truncated backpropagation through time).
 */
export function buildNetwork(cell: Cell, seed: number): Model {
  const network = sequential(
    [
      layers.input({ batchShape: [1, POINTS, 1] }),
      cells[cell](32, { stateful: true, returnSequences: true }),
      layers.dense(1),
    ],
    { seed },
  );
  network.compile({
    optimizer: optimizers.adam({ learningRate: 0.02 }),
    loss: 'meanSquaredError',
  });
  return network;
}

/** The angles of segment 0, 1, 2, ...: from index·π up to, and without, (index+1)·π. */
export const angles = (index: number): number[] =>
  Array.from({ length: POINTS }, (_, point) => (index + point / POINTS) * Math.PI);

const sequence = (values: readonly number[]) => [values.map((value) => [value])];

/** Trains on each segment once, in order. Returns the mean squared error of each before its step. */
export async function train(network: Model, segments: number): Promise<number[]> {
  const errors: number[] = [];
  for (let index = 0; index < segments; index++) {
    const [x, y] = [Math.sin, Math.cos].map((wave) => sequence(angles(index).map(wave)));
    errors.push((await network.trainOnBatch(x, y)).loss);
  }
  return errors;
}

/** Predicts the cosine of `segments` segments from `first` on, continuing with the state after segment `first` - 1. */
export async function follow(network: Model, first: number, segments: number): Promise<number[]> {
  const answers: number[] = [];
  for (let index = first; index < first + segments; index++) {
    const output = await network.predict(sequence(angles(index).map(Math.sin)));
    answers.push(...(await output.data()));
    output.dispose();
  }
  return answers;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean squared error of the last 20 of the first 100 segments and of all segments, by what it describes. */
export function lastErrors(errors: readonly number[]): Record<string, number> {
  const counts = new Set([Math.min(100, errors.length), errors.length]);
  const figures = [...counts].map((count) => [
    `MSE of the last 20 of ${count} segments`,
    mean(errors.slice(count - 20, count)),
  ]);
  return Object.fromEntries(figures) as Record<string, number>;
}
