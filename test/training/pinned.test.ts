/**
 * Ten losses of each cell's first ten training steps, pinned: whatever changes a gradient, an initial weight, a random number or
 * an optimizer changes them. The twin gives them to nearly all digits, the GPU as far as float32 goes; and the same run twice
 * gives the same bits.
 */
import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import * as layers from '../../src/layers/index.ts';
import { sequential } from '../../src/model/create.ts';
import { adam } from '../../src/optimizers/index.ts';
import { expectClose } from '../support/check.ts';
import { gpu, reference, testedDevices } from '../support/devices.ts';
import { PINNED } from './pinned.ts';
import { task, weightsOf } from './support.ts';

const CELLS = {
  simple: () => layers.simpleRNN(9, { dropout: 0.2 }),
  lstm: () => layers.lstm(9, { dropout: 0.2, recurrentDropout: 0.2 }),
  gru: () => layers.gru(9, { dropout: 0.2 }),
  gruResetBefore: () => layers.gru(9, { resetAfter: false, recurrentDropout: 0.2 }),
};

async function train(device: Device, cell: keyof typeof CELLS, seed = 3) {
  const model = sequential(
    [
      layers.input({ shape: [null], dtype: 'int32' }),
      layers.embedding(8, 5, { maskZero: true }),
      layers.bidirectional(CELLS[cell]()),
      layers.dense(1, { activation: 'sigmoid' }),
    ],
    { device, seed },
  );
  model.compile({ optimizer: adam({ learningRate: 0.02 }), loss: 'binaryCrossentropy' });
  const { x, y } = task(12, 7);
  const losses: number[] = [];
  for (let step = 0; step < 10; step++) losses.push((await model.trainOnBatch(x, y)).loss);
  const weights = await weightsOf(model);
  model.dispose();
  return { losses, weights };
}

describe.each(Object.keys(CELLS) as (keyof typeof CELLS)[])('ten steps of %s', (cell) => {
  it('give the pinned losses on the twin', async () => {
    const { losses } = await train(reference, cell);
    expectClose(losses, PINNED[cell], 'loss', { absolute: 0, relative: 1e-9 });
    expect(losses[9]).toBeLessThan(losses[0]);
  });

  it.each(testedDevices)('give them on $name', async ({ open, tolerance }) => {
    const { losses } = await train(await open(), cell);
    expectClose(losses, PINNED[cell], 'loss', tolerance.long);
  });

  it('give the same bits twice, and others with another seed', async () => {
    const device = await gpu();
    const first = await train(device, cell);
    const second = await train(device, cell);
    expect(second).toEqual(first);
    expect((await train(device, cell, 4)).losses).not.toEqual(first.losses);
  });
});
