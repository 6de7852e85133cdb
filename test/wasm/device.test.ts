/** The WebAssembly device itself: its memory, its two builds, its threads, and what it refuses. */
import { describe, expect, it } from 'vitest';
import { DeviceError, layers, sequential, setSeed, wasm } from '../../src/index.ts';
import type { Device, Layer, WasmOptions } from '../../src/index.ts';
import { builds } from '../support/builds.ts';
import type { Storage } from '../../src/backend.ts';
import { Heap } from '../../src/wasm/heap.ts';
import { reference } from '../support/devices.ts';

/** Where this may wait for other threads: not on the main thread of a page. */
const isPage = typeof document !== 'undefined';

const numbers = (length: number, scale = 1): Float32Array =>
  Float32Array.from({ length }, (_, i) => scale * Math.sin(1 + i * i));

/** Large enough that threads share their work. */
const STACKS: readonly (() => Layer[])[] = [
  () => [
    layers.bidirectional(layers.lstm(64, { returnSequences: true })),
    layers.gru(48, { returnSequences: true }),
    layers.simpleRNN(32),
  ],
  () => [
    layers.projectedLSTM(50, { projectionUnits: 22, returnSequences: true }),
    layers.layerNormLSTM(46),
  ],
];

/** By stack, the losses of a few training steps, and what the model then predicts: of sequences whose end is masked. */
async function train(device: Device): Promise<number[][]> {
  const all: number[][] = [];
  for (const stack of STACKS) all.push(await trainStack(device, stack()));
  return all;
}

async function trainStack(device: Device, stack: readonly Layer[]): Promise<number[]> {
  setSeed(7);
  const model = sequential(
    [
      layers.input({ shape: [null, 24] }),
      layers.masking(),
      ...stack,
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

function refuseToGrow({ memory }: { memory: WebAssembly.Memory }): void {
  memory.grow = () => {
    throw new RangeError('no more memory');
  };
}

type Matrices = Record<'a' | 'b' | 'out', Storage>;
function matrices(device: Device, n: number): Matrices {
  const [a, b, out] = [0, 1, 2].map(() => device.alloc(n * n, 'float32'));
  for (const storage of [a, b]) device.write(storage, numbers(n * n));
  return { a, b, out };
}
function multiply(device: Device, operands: Matrices, n: number): void {
  const zeros = { aOffset: 0, bOffset: 0, outOffset: 0, aBatch: 0, bBatch: 0, outBatch: 0 };
  const sizes = { M: n, N: n, K: n, batch: 1, lda: n, ldb: n, ldc: n };
  const flags = { transA: 0, transB: 0, accumulate: 0, hasBias: 0, biasBatch: 0 };
  device.run(
    'matmul',
    { ...operands, bias: null, rowMask: null },
    { ...sizes, ...zeros, ...flags, maskMode: 0, maskOffset: 0, run: 1 },
  );
}
async function product(device: Device, n: number): Promise<number[]> {
  const operands = matrices(device, n);
  multiply(device, operands, n);
  const found = Array.from(await device.read(operands.out));
  for (const storage of Object.values(operands)) device.free(storage);
  return found;
}

describe('the WebAssembly device', () => {
  it.each(builds)('trains as the reference does with the build %s', async (build) => {
    const expected = await train(reference);
    const device = await wasm({ build });
    expect(device.description).toBe(`WebAssembly, ${build} SIMD`);
    (await train(device)).forEach((found, stack) => {
      expected[stack].forEach((value, i) => expect(Math.abs(found[i] - value)).toBeLessThan(2e-5));
      expect(found[3]).toBeLessThan(found[0]);
    });
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

  it('cuts larger free blocks where memory cannot grow', () => {
    const heap = new Heap(false);
    const large = heap.take(100_000);
    heap.give(large, 100_000);
    refuseToGrow(heap);
    const bytes = [40_000, 20_000, 10_000, 16];
    const found = bytes.map((size) => heap.take(size));
    const ranges = found
      .map((address, i) => [address, address + bytes[i]])
      .sort(([a], [b]) => a - b);
    expect(ranges[0][0]).toBe(large);
    ranges.slice(1).forEach(([begin], i) => expect(begin).toBeGreaterThanOrEqual(ranges[i][1]));
    expect(() => heap.take(90_000)).toThrow(/more are needed, and the memory cannot grow/);
  });

  it.each(isPage ? [1] : [1, 2])(
    'computes rightly after it ran out of memory within a kernel, with %i threads',
    async (threads) => {
      const device = await wasm({ threads });
      const small = await product(device, 40);
      const { heap } = device as unknown as { heap: Heap };
      const operands = matrices(device, 300);
      refuseToGrow(heap);
      expect(() => multiply(device, operands, 300)).toThrow(DeviceError);
      // What is taken now must not be what kernels work in.
      const kept = Array.from({ length: 8 }, () => device.alloc(256, 'float32'));
      for (const storage of kept) device.write(storage, new Float32Array(storage.length).fill(7));
      expect(await product(device, 40)).toEqual(small);
      for (const storage of kept)
        expect((await device.read(storage)).every((value) => value === 7)).toBe(true);
      device.destroy();
    },
  );

  it('keeps no memory of int8 weights that a twin reads', async () => {
    const device = await wasm();
    const model = sequential([layers.input({ shape: [4, 3] }), layers.layerNormLSTM(32)], {
      device,
    });
    await model.quantize('int8');
    const { heap } = device as unknown as { heap: { end: number } };
    const predict = async (): Promise<void> =>
      (await model.predict({ data: numbers(24), shape: [2, 4, 3] })).dispose();
    for (let n = 0; n < 3; n++) await predict();
    const { end } = heap;
    for (let n = 0; n < 10; n++) await predict();
    expect(heap.end).toBe(end);
    model.dispose();
  });

  it('copies whole numbers bit by bit, and only within both storages', async () => {
    const device = await wasm();
    const [from, between, to] = (['int32', 'float32', 'int32'] as const).map((dtype) =>
      device.alloc(2, dtype),
    );
    device.write(from, [2 ** 24 + 1, -5]);
    device.copy(from, 0, between, 0, 2);
    device.copy(between, 0, to, 0, 2);
    expect(Array.from(await device.read(to))).toEqual([2 ** 24 + 1, -5]);
    expect(() => device.copy(from, 1, to, 0, 2)).toThrow(/expected a range within 2 elements/);
  });

  it('says that it was destroyed', async () => {
    if (isPage) return;
    const device = await wasm({ threads: 2 });
    const operands = matrices(device, 300);
    device.destroy();
    expect(() => multiply(device, operands, 300)).toThrow(/this device was destroyed/);
  });

  it.each<[WasmOptions, RegExp]>([
    [{ threads: 0 }, /expected a whole number from 1 to 32, got 0/],
    [{ threads: 1.5 }, /expected a whole number from 1 to 32, got 1.5/],
    [{ build: 'fast' as 'plain' }, /expected build to be one of plain, relaxed, got 'fast'/],
  ])('refuses %o', async (options, message) => {
    await expect(wasm(options)).rejects.toThrow(message);
  });
});
