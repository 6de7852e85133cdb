/** Holds what a recurrent layer gives against its equations, written for one row and one step in plain numbers. */
import type { Device } from '../../src/backend.ts';
import * as layers from '../../src/layers/index.ts';
import type { RecurrentLayer, RecurrentLayerOptions } from '../../src/layers/recurrent.ts';
import { sequential } from '../../src/model/create.ts';
import { expectClose } from '../support/check.ts';
import { floats } from '../support/random.ts';

export const [B, T, I, H] = [2, 6, 3, 5];

/** The states after a step, the output first; `weights` are the layer's, in its order, row-major. */
export type Step = (
  x: readonly number[],
  states: readonly (readonly number[])[],
  weights: readonly ArrayLike<number>[],
) => number[][];

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** row · matrix, block k of its columns, each of H. */
export const block = (row: readonly number[], matrix: ArrayLike<number>, k = 0): number[] => {
  const columns = matrix.length / row.length;
  return Array.from({ length: H }, (_, j) =>
    row.reduce((sum, v, i) => sum + v * matrix[i * columns + k * H + j], 0),
  );
};

/** Every output, in both directions, from random weights. */
export async function expectUnrolled(
  device: Device,
  layer: (options: RecurrentLayerOptions) => RecurrentLayer,
  states: number,
  step: Step,
): Promise<void> {
  const x = floats([B, T, I], 1);
  const both = layers.bidirectional(layer({ returnSequences: true }));
  const built = sequential([layers.input({ shape: [T, I] }), both], { device });
  const drawn = (await built.getWeights()).map(({ shape }, i) => floats([...shape], 30 + i));
  built.setWeights(drawn);
  const weights = drawn.map(({ data }) => data);
  const half = weights.length / 2;
  const times = Array.from({ length: T }, (_, t) => t);
  const unrolled = (
    own: readonly ArrayLike<number>[],
    row: number,
    order: number[],
  ): number[][] => {
    let now: number[][] = Array.from({ length: states }, () => new Array<number>(H).fill(0));
    return order.map((t) => {
      const from = (row * T + t) * I;
      now = step(Array.from(x.data.slice(from, from + I)), now, own);
      return now[0];
    });
  };
  const expected = Array.from({ length: B }, (_, row) => {
    const forward = unrolled(weights.slice(0, half), row, times);
    const backward = unrolled(weights.slice(half), row, [...times].reverse()).reverse();
    return times.flatMap((t) => [...forward[t], ...backward[t]]);
  });
  const output = await built.predict(x);
  expectClose(await output.data(), expected.flat(), 'outputs');
  output.dispose();
}
