/** Clockwork RNN against the paper's words: which units change when, what they see, and what it is with periods of 1. */
import { describe, expect, it } from 'vitest';
import type { Device, SequenceOptions } from '../../src/backend.ts';
import * as layers from '../../src/layers/index.ts';
import type { Layer } from '../../src/layers/base.ts';
import type { RecurrentLayerOptions } from '../../src/layers/recurrent.ts';
import { sequential } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import { expectClose } from '../support/check.ts';
import { allDevices, gpu } from '../support/devices.ts';
import { floats } from '../support/random.ts';

const [B, T, I, H] = [2, 11, 3, 6];
const PERIODS = [1, 2, 5];
const x = floats([B, T, I], 1);

function modelOf(device: Device, layer: Layer): Model {
  const model = sequential([layers.input({ shape: [null, I] }), layer], { device, seed: 2 });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model;
}

async function outputs(model: Model): Promise<ArrayLike<number>> {
  const output = await model.predict(x);
  const values = await output.data();
  output.dispose();
  return values;
}

/** The equations, row by row and unit by unit. */
function unrolled([W, R, b]: readonly ArrayLike<number>[]): number[] {
  const period = (unit: number): number => PERIODS[Math.floor(unit / 2)];
  const found: number[] = [];
  for (let row = 0; row < B; row++) {
    let h = new Array<number>(H).fill(0);
    for (let t = 0; t < T; t++) {
      const before = h;
      h = before.map((old, j) => {
        if (t % period(j) !== 0) return old;
        let sum = b[j];
        for (let i = 0; i < I; i++) sum += x.data[(row * T + t) * I + i] * W[i * H + j];
        for (let k = 0; k < H; k++) if (period(k) >= period(j)) sum += before[k] * R[k * H + j];
        return Math.tanh(sum);
      });
      found.push(...h);
    }
  }
  return found;
}

describe.each(allDevices)('on %s', (_, open) => {
  it('changes each group at its period, and hides faster units from slower ones', async () => {
    const layer = layers.clockworkRNN(H, { periods: PERIODS, returnSequences: true });
    const model = modelOf(await open(), layer);
    const weights = (await model.getWeights()).map(({ data }) => data);
    expectClose(Float32Array.from(await outputs(model)), unrolled(weights), 'outputs');
  });

  it('trains only what is seen', async () => {
    const layer = layers.clockworkRNN(H, { periods: PERIODS, returnSequences: true });
    const model = modelOf(await open(), layer);
    const [, before] = await model.getWeights();
    await model.trainOnBatch(x, floats([B, T, H], 9));
    const [, after] = await model.getWeights();
    after.data.forEach((value, i) => {
      const [from, to] = [Math.floor(i / H), i % H].map((unit) => PERIODS[Math.floor(unit / 2)]);
      if (from >= to) expect(value).not.toBe(before.data[i]);
      else expect(value).toBe(before.data[i]);
    });
  });
});

const WAYS: SequenceOptions[] = [
  {},
  ...(['fold', 'rows', 'step'] as const).map((variant) => ({ variant })),
];

it.each(WAYS)('is a SimpleRNN to the bit with periods of 1: %o', async (sequence) => {
  const device = await gpu({ sequence });
  const trained = async (make: (options: RecurrentLayerOptions) => Layer) => {
    const model = modelOf(device, make({ returnSequences: true, recurrentDropout: 0.2, seed: 4 }));
    for (let step = 0; step < 3; step++) await model.trainOnBatch(x, floats([B, T, H], 9));
    return [await outputs(model), ...(await model.getWeights()).map(({ data }) => data)];
  };
  const simple = await trained((options) => layers.simpleRNN(H, { ...options, name: 'rnn' }));
  const clockwork = await trained((options) =>
    layers.clockworkRNN(H, { ...options, name: 'rnn', periods: [1, 1, 1] }),
  );
  expect(clockwork).toEqual(simple);
});

it('says which periods it takes', () => {
  expect(() => layers.clockworkRNN(6, { periods: [] })).toThrow(
    /clockwork_rnn: expected periods as a list of whole numbers, got a list of 0; write periods: \[1, 2, 4, 8\]/,
  );
  expect(() => layers.clockworkRNN(6, { periods: [1, 0.5] })).toThrow(
    'clockwork_rnn: expected each of periods to be a positive whole number, got 0.5',
  );
  expect(() => layers.clockworkRNN(6, { periods: [1, 2, 4, 8] })).toThrow(
    'clockwork_rnn: expected a multiple of 4 units, a group for each period, got 6',
  );
});
