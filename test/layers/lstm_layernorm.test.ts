/** The layer with layer normalization in its cell, against the equations. test/golden/layernorm_cell.test.ts has the cell's gradients. */
import { describe, expect, it } from 'vitest';
import * as layers from '../../src/layers/index.ts';
import { sequential } from '../../src/model/create.ts';
import { expectClose } from '../support/check.ts';
import { allDevices } from '../support/devices.ts';
import { floats } from '../support/random.ts';

const [B, T, I, H] = [2, 5, 3, 6];
const x = floats([B, T, I], 1);

const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));
function normalized(values: readonly number[]): number[] {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  return values.map((v) => (v - mean) / Math.sqrt(variance + 1e-5));
}
/** row · matrix, a matrix of so many columns. */
const times = (row: readonly number[], matrix: ArrayLike<number>, columns: number): number[] =>
  Array.from({ length: columns }, (_, j) =>
    row.reduce((sum, v, i) => sum + v * matrix[i * columns + j], 0),
  );

/** Of one row, every step's h, in the order of `steps`. */
function unrolled(weights: readonly ArrayLike<number>[], row: number, steps: number[]): number[][] {
  const [W, R, b, norms, gain] = weights;
  const found: number[][] = [];
  let [h, c] = [new Array<number>(H).fill(0), new Array<number>(H).fill(0)];
  for (const t of steps) {
    const from = (row * T + t) * I;
    const own = Array.from(x.data.slice(from, from + I));
    const sides = normalized(times(own, W, 4 * H)).map((v, k) => v * gain[k] + b[k]);
    const products = normalized(times(h, R, 4 * H)).map((v, k) => v * norms[k]);
    const [i, f, g, o] = [0, 1, 2, 3].map((k) =>
      Array.from({ length: H }, (_, j) => sides[k * H + j] + products[k * H + j]),
    );
    c = c.map((v, j) => sigmoid(f[j]) * v + sigmoid(i[j]) * Math.tanh(g[j]));
    const n = normalized(c);
    h = n.map((v, j) => sigmoid(o[j]) * Math.tanh(norms[4 * H + j] * v + norms[5 * H + j]));
    found.push(h);
  }
  return found;
}

describe.each(allDevices)('on %s', (_, open) => {
  it.each(['concat', 'sum'] as const)('computes both ways, %s', async (mergeMode) => {
    const layer = layers.layerNormLSTM(H, { returnSequences: true });
    const both = layers.bidirectional(layer, { mergeMode });
    const built = sequential([layers.input({ shape: [T, I] }), both], { device: await open() });
    // Gains and biases that are no ones and zeros.
    const drawn = (await built.getWeights()).map(({ shape }, i) => floats([...shape], 30 + i, 0.7));
    built.setWeights(drawn);
    const weights = drawn.map(({ data }) => data);
    const output = await built.predict(x);
    const steps = Array.from({ length: T }, (_, t) => t);
    const expected = Array.from({ length: B }, (_, row) => {
      const forward = unrolled(weights.slice(0, 5), row, steps);
      const backward = unrolled(weights.slice(5), row, [...steps].reverse()).reverse();
      return steps.flatMap((t) =>
        mergeMode === 'concat'
          ? [...forward[t], ...backward[t]]
          : forward[t].map((v, j) => v + backward[t][j]),
      );
    });
    expectClose(await output.data(), expected.flat(), 'outputs');
    output.dispose();
  });
});

it('names its weights', async () => {
  const layer = layers.layerNormLSTM(H);
  const [, open] = allDevices.at(-1)!;
  const built = sequential([layers.input({ shape: [T, I] }), layer], { device: await open() });
  expect((await built.getWeights()).map(({ name, shape }) => [name, shape])).toEqual([
    ['layer_norm_lstm/kernel', [I, 4 * H]],
    ['layer_norm_lstm/recurrent_kernel', [H, 4 * H]],
    ['layer_norm_lstm/bias', [4 * H]],
    ['layer_norm_lstm/norm_kernel', [6, H]],
    ['layer_norm_lstm/input_gain', [4 * H]],
  ]);
});
