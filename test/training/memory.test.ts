/** What training takes of the GPU's memory it gives back, whatever the lengths of its sequences. */
import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import * as layers from '../../src/layers/index.ts';
import { sequential } from '../../src/model/create.ts';
import { freshGpu } from '../support/devices.ts';
import { classifier, task } from './support.ts';

const silent = { verbose: 0 } as const;

describe('the memory of a GPU', () => {
  const held = (device: Device) => {
    const { bytes, storages } = device.stats();
    return { bytes, storages };
  };

  it('is the same after every step from the second on, freed buffers included', async () => {
    const device = await freshGpu();
    const model = classifier(device, { dropout: 0.2 });
    const { x, y } = task(16);
    const seen: number[][] = [];
    const note = () => {
      const { bytes, storages, pooledBytes } = device.stats();
      seen.push([bytes, storages, pooledBytes]);
    };
    const options = { ...silent, batchSize: 8, epochs: 4 };
    await model.fit(x, y, { ...options, callbacks: [{ onBatchEnd: note }] });
    expect(seen.length).toBe(8);
    expect(seen.slice(2)).toEqual(Array(6).fill(seen[1]));
    seen.length = 0;
    for (let step = 0; step < 5; step++) {
      await model.trainOnBatch(x, y);
      note();
    }
    expect(seen.slice(2)).toEqual(Array(3).fill(seen[1]));
    model.dispose();
    device.trim();
  });

  it('comes back from sequences of any length, evaluate and predict', async () => {
    const device = await freshGpu();
    const model = classifier(device, { dropout: 0.2 });
    const ofTime = [6, 1, 17, 300, 3].map((time) => task(8, time));
    await model.trainOnBatch(ofTime[0].x, ofTime[0].y);
    const before = held(device);
    for (const { x, y } of ofTime) {
      await model.trainOnBatch(x, y);
      expect(held(device)).toEqual(before);
      await model.fit(x, y, { ...silent, batchSize: 3, validationData: [x, y] });
      expect(held(device)).toEqual(before);
      await model.evaluate(x, y, { ...silent, batchSize: 3 });
      await model.testOnBatch(x, y);
      expect(held(device)).toEqual(before);
      const predicted = await model.predict(x, { batchSize: 3 });
      expect(held(device).storages).toBe(before.storages + 1);
      predicted.dispose();
      (await model.predictOnBatch(x)).dispose();
      expect(held(device)).toEqual(before);
    }
    model.dispose();
    expect(held(device)).toEqual({ bytes: 0, storages: 0 });
    device.trim();
  });

  it('holds the states of stateful layers, and nothing more', async () => {
    const device = await freshGpu();
    const model = sequential(
      [
        layers.input({ shape: [null, 2], batchSize: 4 }),
        layers.lstm(3, { stateful: true, returnSequences: true }),
        layers.bidirectional(layers.gru(3, { stateful: true })),
        layers.dense(1),
      ],
      { device, seed: 1 },
    );
    model.compile({ optimizer: 'adam', loss: 'mse' });
    model.optimizer.build(model.trainableWeights);
    const without = held(device);
    const of = (time: number) => ({
      data: new Float32Array(8 * time).fill(0.5),
      shape: [4, time, 2],
    });
    const y = [1, 2, 3, 4];
    await model.trainOnBatch(of(5), y);
    // h and c of the LSTM, h of either direction.
    expect(held(device).storages).toBe(without.storages + 4);
    const withStates = held(device);
    for (const time of [5, 1, 9, 300]) {
      await model.fit(of(time), y, { ...silent, batchSize: 4, shuffle: false, epochs: 2 });
      await model.evaluate(of(time), y, { ...silent, batchSize: 4 });
      (await model.predict(of(time), { batchSize: 4 })).dispose();
      expect(held(device)).toEqual(withStates);
    }
    model.resetStates();
    expect(held(device)).toEqual(without);
    await model.trainOnBatch(of(5), y);
    expect(held(device)).toEqual(withStates);
    model.dispose();
    expect(device.stats()).toMatchObject({ storages: 0, bytes: 0, pooledBytes: 0 });
    device.trim();
  });
});
