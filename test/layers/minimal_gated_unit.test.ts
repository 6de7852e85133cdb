/** The minimal gated unit against its equations. */
import { describe, expect, it } from 'vitest';
import * as layers from '../../src/layers/index.ts';
import { sequential } from '../../src/model/create.ts';
import { allDevices, reference } from '../support/devices.ts';
import { block, expectUnrolled, H, I, sigmoid, T } from './unrolled.ts';
import type { Step } from './unrolled.ts';

const step: Step = (x, [h], [W, R, b]) => {
  const f = block(x, W, 0).map((v, j) => sigmoid(v + block(h, R, 0)[j] + b[j]));
  const forgotten = h.map((v, j) => f[j] * v);
  const n = block(x, W, 1).map((v, j) => Math.tanh(v + block(forgotten, R, 1)[j] + b[H + j]));
  return [h.map((v, j) => (1 - f[j]) * v + f[j] * n[j])];
};

describe.each(allDevices)('on %s', (_, open) => {
  it('computes its equations both ways', async () => {
    await expectUnrolled(await open(), (options) => layers.minimalGatedUnit(H, options), 1, step);
  });
});

it('names its weights', async () => {
  const layer = layers.minimalGatedUnit(H);
  const built = sequential([layers.input({ shape: [T, I] }), layer], { device: reference });
  expect((await built.getWeights()).map(({ name, shape }) => [name, shape])).toEqual([
    ['minimal_gated_unit/kernel', [I, 2 * H]],
    ['minimal_gated_unit/recurrent_kernel', [H, 2 * H]],
    ['minimal_gated_unit/bias', [2 * H]],
  ]);
});
