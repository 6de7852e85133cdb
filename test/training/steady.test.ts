/** What a training step asks of WebGPU once the first ones are over: one submit, and nothing new, however many there are. */
import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import type { Layer } from '../../src/layers/base.ts';
import * as layers from '../../src/layers/index.ts';
import { sequential } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import { matmul } from '../../src/ops/matmul.ts';
import { scope, Tensor } from '../../src/tensor.ts';
import { watchedDevice } from '../support/calls.ts';
import type { Calls } from '../support/calls.ts';
import { task } from './support.ts';

/** Ids → embedding with mask → `layer` → one probability. */
function reviews(device: Device, layer: Layer): Model {
  const model = sequential(
    [
      layers.input({ shape: [null], dtype: 'int32' }),
      layers.embedding(300, 8, { maskZero: true }),
      layer,
      layers.dense(1, { activation: 'sigmoid' }),
    ],
    { device, seed: 1 },
  );
  model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy', metrics: ['accuracy'] });
  return model;
}

/** Trains one epoch on a batch of each length; the calls that each step made. */
async function callsOf(
  model: Model,
  calls: () => Calls,
  lengths: readonly number[],
): Promise<Calls[]> {
  const seen: Calls[] = [];
  let before = calls();
  const onBatchEnd = (): void => {
    const now = calls();
    const names = Object.keys(now) as (keyof Calls)[];
    seen.push(Object.fromEntries(names.map((name) => [name, now[name] - before[name]])) as Calls);
    before = now;
  };
  const batches = function* () {
    for (const [step, time] of lengths.entries()) {
      const { x, y } = task(32, time, step + 1);
      yield [x, y] as const;
    }
  };
  await model.fit(batches, null, { verbose: 0, readEvery: 10, callbacks: [{ onBatchEnd }] });
  return seen;
}

const total = (seen: readonly Calls[], name: keyof Calls): number =>
  seen.reduce((sum, calls) => sum + calls[name], 0);

describe('a step', () => {
  const cases: [string, () => Layer][] = [
    ['an LSTM', () => layers.lstm(16)],
    ['an LSTM with dropout', () => layers.lstm(16, { dropout: 0.2, recurrentDropout: 0.2 })],
    ['a bidirectional GRU', () => layers.bidirectional(layers.gru(8))],
  ];
  it.each(cases)('of %s creates nothing, and is one submit', async (_, layer) => {
    const { device, calls, order, end } = await watchedDevice();
    const seen = await callsOf(reviews(device, layer()), calls, Array<number>(60).fill(20));
    // The first steps make what the step needs; later come the two buffers that results are read through, one a read.
    expect(total(seen.slice(5), 'createBuffer')).toBe(2);
    expect(total(seen.slice(25), 'createBuffer')).toBe(0);
    expect(total(seen.slice(5), 'createBindGroup')).toBe(0);
    expect(total(seen.slice(5), 'createComputePipeline')).toBe(0);
    expect(total(seen, 'mapAsync')).toBe(6);
    for (const one of seen) expect([one.submit, one.createCommandEncoder]).toEqual([1, 1]);
    // Ids, labels and parameters go up before what uses them.
    expect(order().join(' ')).toMatch(/^(writeBuffer writeBuffer (writeBuffer )+submit ?)+$/);
    end();
  });

  it('of one length of many creates nothing once all have been there', async () => {
    const { device, calls, end } = await watchedDevice();
    const model = reviews(device, layers.lstm(16));
    const lengths = Array.from({ length: 40 }, (_, step) => 1 + ((7 * step) % 40));
    const sorted = [...lengths].sort((a, b) => a - b);
    const seen = await callsOf(model, calls, [...lengths, ...lengths.reverse(), ...sorted]);
    expect(total(seen.slice(40), 'createBuffer')).toBe(0);
    expect(total(seen.slice(80), 'createBindGroup')).toBe(0);
    end();
  });

  it('is uploaded and handed over while the one before still runs', async () => {
    const { device, end } = await watchedDevice();
    const size = 768;
    const [a, b, out] = [0, 0, 0].map(() => device.alloc(size * size, 'float32'));
    const product = (): void => {
      scope(() => {
        const shape = [size, size];
        matmul(new Tensor(device, a, shape), new Tensor(device, b, shape));
      });
      device.submit();
    };
    product();
    await device.read(out);
    const began = performance.now();
    product();
    device.write(a, new Float32Array(size * size));
    product();
    const handedOver = performance.now() - began;
    await device.read(out);
    expect(handedOver).toBeLessThan((performance.now() - began) / 3);
    end();
  });
});

/** 10 000 for a long look: VITE_STEPS=10000. */
const STEPS = Number(
  (import.meta as { env?: Record<string, string | undefined> }).env?.VITE_STEPS ?? 1000,
);

/** What a device of src/webgpu keeps of its dispatches. */
interface Internals {
  recorder: { bindGroups: { kept: Map<string, unknown> }; uniforms: { pages: unknown[] } };
}

describe('memory', () => {
  it(`does not grow in ${STEPS} steps`, async () => {
    const { device, calls, end } = await watchedDevice();
    const model = reviews(device, layers.lstm(8, { dropout: 0.1 }));
    const { x, y } = task(64, 8);
    const { bindGroups, uniforms } = (device as unknown as Internals).recorder;
    const held = () => ({
      ...device.stats(),
      dispatches: 0,
      submits: 0,
      copies: 0,
      buffers: calls().createBuffer,
      bindGroups: bindGroups.kept.size,
      pages: uniforms.pages.length,
    });
    const seen: ReturnType<typeof held>[] = [];
    const onBatchEnd = (): void => void seen.push(held());
    const options = {
      verbose: 0,
      batchSize: 8,
      readEvery: 4,
      callbacks: [{ onBatchEnd }],
    } as const;
    await model.fit(x, y, { ...options, epochs: STEPS / 8 });
    expect(seen.length).toBe(STEPS);
    expect(seen.at(-1)).toEqual(seen[100]);
    end();
  }, 600_000);
});
