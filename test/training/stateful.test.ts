/** A failed step changes nothing, nor the states that a stateful layer carries: training goes on as if it had not been. */
import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import type { Layer } from '../../src/layers/base.ts';
import * as layers from '../../src/layers/index.ts';
import { sequential } from '../../src/model/create.ts';
import { allDevices } from '../support/devices.ts';

const GOOD = [0, 1].map((b) => [0, 1, 2, 3].map((t) => [b + t, b - t]));
const BAD = GOOD.map((row) => row.map(() => [NaN, 1]));
const Y = [1, 0];

async function secondLoss(device: Device, layer: Layer, between: boolean): Promise<number> {
  const model = sequential([layers.input({ batchShape: [2, 4, 2] }), layer, layers.dense(1)], {
    device,
    seed: 2,
  });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  await model.trainOnBatch(GOOD, Y);
  if (between) await expect(model.trainOnBatch(BAD, Y)).rejects.toThrow(/not finite/);
  const { loss } = await model.trainOnBatch(GOOD, Y);
  model.dispose();
  return loss;
}

describe.each(allDevices)('carried states on %s', (_, device) => {
  it.each([
    ['lstm', () => layers.lstm(3, { stateful: true })],
    ['bidirectional', () => layers.bidirectional(layers.gru(3, { stateful: true }))],
  ])('outlive a failed step: %s', async (_, layer) => {
    const d = await device();
    const expected = await secondLoss(d, layer(), false);
    expect(Number.isFinite(expected)).toBe(true);
    expect(await secondLoss(d, layer(), true)).toBe(expected);
  });
});
