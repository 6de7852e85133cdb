/** Freed memory: what is used again, what is given back, and when. */
import { describe, expect, it } from 'vitest';
import type { Device } from '../src/backend.ts';
import * as layers from '../src/layers/index.ts';
import { sequential } from '../src/model/create.ts';
import { relu } from '../src/ops/index.ts';
import { KEPT_STEPS, Pool } from '../src/pool.ts';
import { fill } from '../src/tensor.ts';
import { Heap } from '../src/wasm/heap.ts';
import { cpu } from '../src/cpu/device.ts';
import { wasm } from '../src/wasm/load.ts';
import { freshGpu } from './support/devices.ts';
import { watchedDevice } from './support/calls.ts';

const MiB = 2 ** 20;

describe('a pool', () => {
  it('gives back the one of the lowest order, and of these the last one', () => {
    const pool = new Pool<number, string>();
    for (const [order, item] of ['c', 'a', 'b', 'd'].entries()) pool.give(1, item, 10, order % 3);
    pool.give(2, 'other', 5);
    expect(pool.bytes).toBe(45);
    expect([1, 1, 1, 1, 1].map((fit) => pool.take(fit))).toEqual(['d', 'c', 'a', 'b', undefined]);
    expect(pool.bytes).toBe(5);
  });

  it('lets go of what nobody takes, and of nothing that is taken now and then', () => {
    const gone: string[] = [];
    const pool = new Pool<number, string>((item) => gone.push(item));
    pool.give(1, 'long', 100);
    pool.give(1, 'used', 100, -1);
    pool.give(2, 'short', 1);
    for (let step = 1; step <= 4 * KEPT_STEPS; step++) {
      if (step % (KEPT_STEPS - 1) === 0) {
        expect(pool.take(1)).toBe('used');
        pool.give(1, 'used', 100, -1);
      }
      pool.next();
      if (step < KEPT_STEPS) expect(gone).toEqual([]);
    }
    expect(gone).toEqual(['long', 'short']);
    expect(pool.bytes).toBe(100);
    pool.release();
    expect(gone).toEqual(['long', 'short', 'used']);
    expect([pool.bytes, pool.take(1)]).toEqual([0, undefined]);
  });
});

describe.each<[string, () => Promise<Device>]>([
  ['webgpu', () => freshGpu()],
  ['cpu', () => Promise.resolve(cpu())],
])('memory on %s', (_, open) => {
  const modelOn = (device: Device) =>
    sequential([layers.input({ shape: [null, 4] }), layers.gru(16), layers.dense(1)], {
      device,
      seed: 1,
    });
  const ones = (batch: number, time: number) => ({
    data: new Float32Array(batch * time * 4).fill(1),
    shape: [batch, time, 4],
  });

  it('of one long batch is given back in the course of short ones', async () => {
    const device = await open();
    const model = modelOn(device);
    const predict = async (batch: number, time: number) => {
      const result = await model.predict(ones(batch, time), { batchSize: batch });
      const numbers = Array.from(await result.data());
      result.dispose();
      return numbers;
    };
    const before = await predict(1, 4);
    await predict(256, 1000);
    expect(device.stats().pooledBytes).toBeGreaterThan(20 * MiB);
    for (let call = 0; call < 2 * KEPT_STEPS; call++) await predict(1, 4);
    expect(device.stats().pooledBytes).toBeLessThan(MiB);
    expect(await predict(1, 4)).toEqual(before);
    model.dispose();
    device.trim();
  });

  it('is given back by trim(), and when a model is disposed of', async () => {
    const device = await open();
    const model = modelOn(device);
    model.compile({ optimizer: 'adam', loss: 'mse' });
    const losses: unknown[] = [];
    for (let step = 0; step < 3; step++) {
      losses.push(await model.trainOnBatch(ones(2, 5), [1, 2]));
      expect(device.stats().pooledBytes).toBeGreaterThan(0);
      device.trim();
      expect(device.stats().pooledBytes).toBe(0);
    }
    const other = modelOn(device);
    other.compile({ optimizer: 'adam', loss: 'mse' });
    const expected: unknown[] = [];
    for (let step = 0; step < 3; step++)
      expected.push(await other.trainOnBatch(ones(2, 5), [1, 2]));
    expect(losses).toEqual(expected);
    model.dispose();
    other.dispose();
    expect(device.stats()).toMatchObject({ storages: 0, bytes: 0, pooledBytes: 0 });
    device.trim();
  });
});

describe('the buffers of a GPU', () => {
  it('that recorded commands use are not given back before they are handed over', async () => {
    const device = await freshGpu();
    const x = fill(device, [1000], 2);
    const between = relu(x);
    const result = relu(between);
    for (const one of [x, between]) one.dispose();
    device.trim();
    expect(device.stats().pooledBytes).toBeGreaterThan(0);
    device.submit();
    device.trim();
    expect(device.stats().pooledBytes).toBe(0);
    expect(Array.from(await result.data())).toEqual(Array(1000).fill(2));
    device.trim();
  });

  it('that results were read through are given back too', async () => {
    const { device, calls, end } = await watchedDevice();
    const destroyed: number[] = [];
    const { destroy } = GPUBuffer.prototype;
    GPUBuffer.prototype.destroy = function () {
      destroyed.push(this.size);
      return destroy.call(this);
    };
    try {
      const [long, short] = [MiB, 4].map((length) => device.alloc(length, 'float32'));
      await device.read(long);
      for (let read = 0; read < 2 * KEPT_STEPS; read++) await device.read(short);
      expect(destroyed).toEqual([4 * MiB]);
      expect(calls().createBuffer).toBe(4);
      device.free(long);
      device.trim();
      expect(destroyed).toEqual([4 * MiB, 4 * MiB, 256]);
    } finally {
      GPUBuffer.prototype.destroy = destroy;
      end();
    }
  });
});

describe('the memory of WebAssembly', () => {
  const size = ({ memory }: Heap): number => memory.buffer.byteLength;

  it('is used for blocks of other sizes before it grows, from its end on', () => {
    const heap = new Heap(false);
    const blocks = Array.from({ length: 40 }, () => heap.take(MiB));
    const grown = size(heap);
    for (const address of blocks) heap.give(address, MiB);
    expect(heap.pooled).toBe(40 * MiB);
    // One of another size does not fit into the blocks, and there is no room behind them.
    expect(heap.take(30 * MiB)).toBe(blocks[0]);
    expect(size(heap)).toBe(grown);
    expect(heap.pooled).toBe(0);
  });

  it('keeps its blocks in front of one that is in use', () => {
    const heap = new Heap(false);
    const [first, second, third] = [1, 2, 3].map(() => heap.take(MiB));
    for (const address of [first, third]) heap.give(address, MiB);
    heap.trim();
    expect(heap.pooled).toBe(MiB);
    expect(heap.take(MiB)).toBe(first);
    heap.give(first, MiB);
    heap.give(second, MiB);
    heap.trim();
    expect(heap.pooled).toBe(0);
    expect(heap.take(16)).toBe(first);
  });

  it('gives up what a model took, when it is disposed of', async () => {
    const device = await wasm();
    const train = async (): Promise<number[]> => {
      const model = sequential([layers.input({ shape: [null, 4] }), layers.gru(16)], {
        device,
        seed: 1,
      });
      model.compile({ optimizer: 'adam', loss: 'mse' });
      for (let step = 0; step < 3; step++)
        await model.trainOnBatch(
          { data: new Float32Array(800).fill(1), shape: [4, 50, 4] },
          { data: new Float32Array(64), shape: [4, 16] },
        );
      const weights = (await model.getWeights()).flatMap(({ data }) => Array.from(data));
      model.dispose();
      return weights;
    };
    const first = await train();
    const { bytes, pooledBytes } = device.stats();
    expect(bytes).toBe(0);
    // The memory in which kernels work, which a device keeps, may stand behind free blocks.
    expect(pooledBytes).toBeLessThan(MiB);
    expect(await train()).toEqual(first);
  });
});
