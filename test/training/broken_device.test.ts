/** A device whose memory runs out, or that fails to read: the model stays what it was, and no rejected promise goes unhandled. */
import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import { cpu } from '../../src/cpu/device.ts';
import * as layers from '../../src/layers/index.ts';
import { sequential } from '../../src/model/create.ts';
import { breakable } from '../fuzz/fault_helpers.ts';

const X = [0, 1].map((b) => [0, 1, 2].map((t) => [b + t, b - t]));
const Y = [1, 0];

async function trained(device: Device) {
  const model = sequential(
    [
      layers.input({ batchShape: [2, 3, 2] }),
      layers.lstm(2, { stateful: true }),
      layers.batchNormalization(),
      layers.dense(1),
    ],
    { device, seed: 2 },
  );
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError', metrics: ['meanAbsoluteError'] });
  await model.trainOnBatch(X, Y);
  return model;
}

describe('a device that breaks', () => {
  it('leaves the model as it was, whichever allocation of a training step fails', async () => {
    const { device, failAt, mend } = breakable(cpu());
    const model = await trained(device);
    const before = await model.save();
    let failed = 0;
    for (;;) {
      failAt('alloc', failed + 1, new Error('expected memory'));
      const error: unknown = await model.trainOnBatch(X, Y).catch((thrown: unknown) => thrown);
      mend();
      if (!(error instanceof Error)) break;
      failed++;
      expect(error.message).toBe('expected memory');
      expect(await model.save(), `allocation ${failed}`).toEqual(before);
    }
    expect(failed).toBeGreaterThan(20);
    expect(await model.save()).not.toEqual(before);
  });

  it('handles a failed reading where the step of the stream fails too', async () => {
    const own = cpu();
    const model = await trained(own);
    let [begun, handled] = [false, false];
    const stream = model.stream({ streams: 2 });
    const { read: readOwn, free } = own;
    own.read = () => {
      begun = true;
      const read = Promise.reject(new Error('read'));
      const handle = read.catch.bind(read);
      read.catch = (handler) => {
        handled = true;
        return handle(handler);
      };
      return read;
    };
    // What the step no longer needs is freed after the reading has begun.
    own.free = (storage) => {
      if (begun) throw new Error('free');
      free.call(own, storage);
    };
    const step = stream.step([
      [1, 0],
      [0, 1],
    ]);
    await expect(step).rejects.toThrow('free');
    Object.assign(own, { read: readOwn, free });
    expect(handled).toBe(true);
  });
});
