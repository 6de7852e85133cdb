/** What a device can do at most, as far as WebGPU shows: a copy between two buffers, and our product of two matrices. */
import type { ObservableDevice } from '../observer.ts';
import type { Ceilings } from '../public_types.ts';

const COPY_BYTES = 2 ** 25;
/** The larger product is for devices on which the smaller one is too short to measure. */
const SIZES = [512, 2048];
const TOO_SHORT_MS = 2;
/** A measurement is repeated until it takes so long, at most MAX_REPEATS times. */
const ENOUGH_MS = 40;
const MAX_REPEATS = 4096;

const measured = new WeakMap<GPUDevice, Ceilings>();

/** Takes about half a second the first time; the answer is kept. */
export async function measureCeilings(device: ObservableDevice): Promise<Ceilings> {
  const { gpu } = device;
  const known = measured.get(gpu);
  if (known) return known;
  let gflops = 0;
  for (const size of SIZES) {
    const ms = await product(device, size);
    gflops = Math.max(gflops, (2 * size ** 3) / ms / 1e6);
    if (ms > TOO_SHORT_MS) break;
  }
  const found = { gflops, gbPerS: (2 * COPY_BYTES) / (await copy(gpu)) / 1e6 };
  measured.set(gpu, found);
  return found;
}

function product(device: ObservableDevice, size: number): Promise<number> {
  const [a, b, out] = [0, 1, 2].map(() => device.alloc(size * size, 'float32'));
  device.zero(a);
  device.zero(b);
  const shape = { M: size, N: size, K: size, batch: 1, lda: size, ldb: size, ldc: size };
  const offsets = { aOffset: 0, bOffset: 0, outOffset: 0, aBatch: 0, bBatch: 0, outBatch: 0 };
  const plain = { transA: 0, transB: 0, accumulate: 0, hasBias: 0, biasBatch: 0, activation: 0 };
  const params = { ...shape, ...offsets, ...plain, maskMode: 0, maskOffset: 0, run: 1 };
  const found = bestMs(device.gpu, (times) => {
    for (let i = 0; i < times; i++)
      device.run('matmul', { a, b, bias: null, rowMask: null, out }, params);
    device.submit();
  });
  return found.finally(() => [a, b, out].forEach((storage) => device.free(storage)));
}

function copy(gpu: GPUDevice): Promise<number> {
  const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const [from, to] = [0, 1].map(() => gpu.createBuffer({ size: COPY_BYTES, usage }));
  const found = bestMs(gpu, (times) => {
    const encoder = gpu.createCommandEncoder();
    for (let i = 0; i < times; i++) encoder.copyBufferToBuffer(from, 0, to, 0, COPY_BYTES);
    gpu.queue.submit([encoder.finish()]);
  });
  return found.finally(() => [from, to].forEach((buffer) => buffer.destroy()));
}

/** The least milliseconds that one of many takes; the wait for the answer is divided among them. */
async function bestMs(gpu: GPUDevice, record: (times: number) => void): Promise<number> {
  const take = async (times: number): Promise<number> => {
    const began = performance.now();
    record(times);
    await gpu.queue.onSubmittedWorkDone();
    return performance.now() - began;
  };
  await take(1);
  let times = 1;
  let ms = await take(times);
  while (ms < ENOUGH_MS && times < MAX_REPEATS) {
    times *= 4;
    ms = await take(times);
  }
  for (let i = 0; i < 2; i++) ms = Math.min(ms, await take(times));
  return ms / times;
}
