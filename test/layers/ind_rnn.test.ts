/** The independently recurrent network against its equation, and what it begins with. */
import { describe, expect, it } from 'vitest';
import * as layers from '../../src/layers/index.ts';
import { sequential } from '../../src/model/create.ts';
import { allDevices, reference } from '../support/devices.ts';
import { block, expectUnrolled } from './unrolled.ts';
import type { Step } from './unrolled.ts';

const step: Step = (x, [h], [W, b, u]) => [
  block(x, W).map((v, j) => Math.max(0, v + u[j] * h[j] + b[j])),
];

describe.each(allDevices)('on %s', (_, open) => {
  it('computes its equation both ways', async () => {
    await expectUnrolled(await open(), (options) => layers.indRNN(5, options), 1, step);
  });
});

it('has a weight for each unit, from 0 to 1 where nothing else is said', async () => {
  const built = sequential([layers.input({ shape: [4, 3] }), layers.indRNN(50)], {
    device: reference,
  });
  const weights = await built.getWeights();
  expect(weights.map(({ name, shape }) => [name, shape])).toEqual([
    ['ind_rnn/kernel', [3, 50]],
    ['ind_rnn/bias', [50]],
    ['ind_rnn/recurrent_vector', [1, 50]],
  ]);
  const [, , { data }] = weights;
  expect(Math.min(...data)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...data)).toBeLessThan(1);
  expect(Math.max(...data)).toBeGreaterThan(0.5);
});

it('loses no state that it remembers with a weight of 1', async () => {
  const remember = layers.indRNN(1, {
    kernelInitializer: 'ones',
    recurrentInitializer: 'ones',
    useBias: false,
  });
  const built = sequential([layers.input({ shape: [null, 1] }), remember], { device: reference });
  const T = 500;
  const data = new Float32Array(T);
  data[0] = 0.75;
  const output = await built.predict({ data, shape: [1, T, 1] });
  expect(Array.from(await output.data())).toEqual([0.75]);
});
