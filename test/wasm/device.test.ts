/** The WebAssembly device itself: its memory, its two builds, its threads, and what it refuses. */
import { describe, expect, it } from 'vitest';
import { layers, sequential, setSeed, wasm } from '../../src/index.ts';
import type { Device, WasmOptions } from '../../src/index.ts';
import { builds } from '../support/builds.ts';
import { reference } from '../support/devices.ts';

/** Where this may wait for other threads: not on the main thread of a page. */
const isPage = typeof document !== 'undefined';

const numbers = (length: number, scale = 1): Float32Array =>
  Float32Array.from({ length }, (_, i) => scale * Math.sin(1 + i * i));

/** Losses of a few training steps, and what the model then predicts: of sequences whose end is masked. */
async function train(device: Device): Promise<number[]> {
  setSeed(7);
  const model = sequential(
    [
      layers.input({ shape: [null, 24] }),
      layers.masking(),
      layers.bidirectional(layers.lstm(64, { returnSequences: true })),
      layers.gru(48, { returnSequences: true }),
      layers.simpleRNN(32),
      layers.dense(10, { activation: 'softmax' }),
    ],
    { device },
  );
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  const [B, T] = [32, 20];
  const x = numbers(B * T * 24);
  for (let b = 0; b < B; b++) x.fill(0, (b * T + T - (b % 9)) * 24, (b + 1) * T * 24);
  const inputs = { data: x, shape: [B, T, 24] };
  const labels = { data: Int32Array.from({ length: B }, (_, b) => b % 10), shape: [B] };
  const losses: number[] = [];
  for (let step = 0; step < 4; step++)
    losses.push(((await model.trainOnBatch(inputs, labels)) as { loss: number }).loss);
  const predicted = await (await model.predict(inputs)).data();
  model.dispose();
  return [...losses, ...predicted];
}

describe('the WebAssembly device', () => {
  it.each(builds)('trains as the reference does with the build %s', async (build) => {
    const expected = await train(reference);
    const device = await wasm({ build });
    expect(device.description).toBe(`WebAssembly, ${build} SIMD`);
    const found = await train(device);
    expected.forEach((value, i) => expect(Math.abs(found[i] - value)).toBeLessThan(2e-5));
    expect(found[3]).toBeLessThan(found[0]);
  });

  it.each(builds)('gives the same bits twice with the build %s', async (build) => {
    expect(await train(await wasm({ build }))).toEqual(await train(await wasm({ build })));
  });

  it('gives the same bits with one, two and three threads, or says why there are none', async () => {
    if (isPage) {
      await expect(wasm({ threads: 2 })).rejects.toThrow(/memory cannot be shared|may not wait/);
      return;
    }
    const expected = await train(await wasm());
    for (const threads of [2, 3]) {
      const device = await wasm({ threads });
      expect(device.description).toMatch(new RegExp(`, ${threads} threads$`));
      expect(await train(device)).toEqual(expected);
      device.destroy();
    }
  });

  it('takes no more memory in 10 000 steps of changing shapes', async () => {
    const device = await wasm();
    const model = sequential(
      [layers.input({ shape: [null, 3] }), layers.lstm(8), layers.dense(1)],
      { device },
    );
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const step = async (n: number): Promise<void> => {
      const [B, T] = [1 + (n % 5), 1 + (n % 7)];
      await model.trainOnBatch(
        { data: numbers(B * T * 3), shape: [B, T, 3] },
        { data: numbers(B), shape: [B, 1] },
      );
    };
    const all = (): number => device.stats().bytes + device.stats().pooledBytes;
    for (let n = 0; n < 100; n++) await step(n);
    const [bytes, storages] = [all(), device.stats().storages];
    for (let n = 0; n < 10_000; n++) await step(n);
    expect(all()).toBe(bytes);
    expect(device.stats().storages).toBe(storages);
    model.dispose();
  });

  it('says what memory is in use where there is no more', async () => {
    const device = await wasm();
    const half = device.alloc(2 ** 20, 'float32');
    expect(() => device.alloc(2 ** 30, 'float32')).toThrow(
      /WebAssembly memory: 4 MiB are in use, \d+ MiB more are needed.*smaller batch/,
    );
    // Nothing is lost.
    device.write(half, [1, 2, 3]);
    expect(Array.from((await device.read(half)).subarray(0, 3))).toEqual([1, 2, 3]);
  });

  it.each<[WasmOptions, RegExp]>([
    [{ threads: 0 }, /expected a whole number from 1 to 32, got 0/],
    [{ threads: 1.5 }, /expected a whole number from 1 to 32, got 1.5/],
    [{ build: 'fast' as 'plain' }, /build is 'plain' or 'relaxed', got "fast"/],
  ])('refuses %o', async (options, message) => {
    await expect(wasm(options)).rejects.toThrow(message);
  });
});
