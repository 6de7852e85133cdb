/**
 * `device.profile(fn)`: where the time goes in what `fn` records. The function is called again and again: to compile, for its
 * time as it is, with every dispatch timed once, and then with those repeated that are too short for the clock.
 */
import type { KernelProfile, Profile, ProfileOptions } from '../backend.ts';
import { measureCeilings } from './ceilings.ts';
import type { WebGPUDevice } from './device.ts';
import type { Clock, Queue } from './profile_clock.ts';
import { Profiler } from './profile_recorder.ts';
import type { Row } from './profile_recorder.ts';
import { profileTable } from './profile_table.ts';
import { TimestampClock } from './profile_timestamps.ts';
import { WaitingClock } from './profile_waiting.ts';

const busy = new WeakSet<GPUDevice>();

export async function profile(
  device: WebGPUDevice,
  gpu: GPUDevice,
  fn: () => unknown,
  { repeats = 5, timestamps = true }: ProfileOptions,
): Promise<Profile> {
  return exclusively(gpu, 'profile', repeats, () => measure(device, gpu, fn, repeats, timestamps));
}

/** One measurement of a device at a time, of so many repetitions. */
export async function exclusively<T>(
  gpu: GPUDevice,
  name: string,
  repeats: number,
  measurement: () => Promise<T>,
): Promise<T> {
  if (!Number.isInteger(repeats) || repeats < 1)
    throw new Error(`${name}: expected repeats to be a whole number from 1 on, got ${repeats}`);
  if (busy.has(gpu))
    throw new Error(`${name}: this device is being measured already; await that before`);
  busy.add(gpu);
  try {
    return await measurement();
  } finally {
    busy.delete(gpu);
  }
}

async function measure(
  device: WebGPUDevice,
  gpu: GPUDevice,
  fn: () => unknown,
  repeats: number,
  timestamps: boolean,
): Promise<Profile> {
  const ceilings = await measureCeilings(device, gpu);
  await runOnce(device, gpu, fn);
  const whole = await timeWhole(device, gpu, fn, repeats);
  const clock = await clockOf(device, gpu, timestamps);
  const kernels = kernelsOf(await timeKernels(device, gpu, fn, repeats, clock));
  const found: Omit<Profile, 'toString'> = {
    ...whole,
    kernelMs: kernels.reduce((sum, kernel) => sum + kernel.ms, 0),
    clock: clock.name,
    bytes: kernels.reduce((sum, kernel) => sum + kernel.bytes, 0),
    ceilings,
    kernels,
  };
  return { ...found, toString: () => profileTable(found) };
}

export async function clockOf(
  device: WebGPUDevice,
  gpu: GPUDevice,
  timestamps: boolean,
): Promise<Clock> {
  return timestamps && gpu.features.has('timestamp-query')
    ? new TimestampClock(device, gpu)
    : new WaitingClock(device, gpu, await emptyMs(gpu));
}

/** Calls the function, and waits until the device has done what it asked for. */
export async function runOnce(
  device: WebGPUDevice,
  gpu: GPUDevice,
  fn: () => unknown,
): Promise<void> {
  await fn();
  device.submit();
  await device.profiler?.clock.handedOver();
  await gpu.queue.onSubmittedWorkDone();
}

/** Runs as they are without a profile. */
async function timeWhole(
  device: WebGPUDevice,
  gpu: GPUDevice,
  fn: () => unknown,
  repeats: number,
): Promise<Pick<Profile, 'ms' | 'dispatches' | 'copies' | 'submits' | 'uploadedBytes'>> {
  const counter = new Counter(gpu.queue);
  const before = device.stats();
  const times: number[] = [];
  device.queue = counter;
  try {
    for (let i = 0; i < repeats; i++) {
      const began = performance.now();
      await runOnce(device, gpu, fn);
      times.push(performance.now() - began);
    }
  } finally {
    device.queue = gpu.queue;
  }
  const after = device.stats();
  return {
    ms: median(times),
    dispatches: (after.dispatches - before.dispatches) / repeats,
    copies: (after.copies - before.copies) / repeats,
    submits: (after.submits - before.submits) / repeats,
    uploadedBytes: counter.bytes / repeats,
  };
}

/** Runs in which every dispatch is timed; before them one that finds out how often each is to be repeated. */
export async function timeKernels(
  device: WebGPUDevice,
  gpu: GPUDevice,
  fn: () => unknown,
  repeats: number,
  clock: Clock,
): Promise<ReadonlyMap<string, Row>[]> {
  const profiler = new Profiler(clock);
  const runs: Map<string, Row>[] = [];
  device.profiler = profiler;
  device.queue = clock.queue;
  try {
    for (let i = 0; i <= repeats; i++) {
      await runOnce(device, gpu, fn);
      const rows = await profiler.endRun();
      if (i === 0) profiler.repeatFrom(rows);
      else runs.push(rows);
    }
    return runs;
  } finally {
    try {
      // What an error left behind is timed by this clock.
      device.submit();
      await clock.handedOver();
    } finally {
      device.profiler = null;
      device.queue = gpu.queue;
      clock.destroy();
    }
  }
}

/** Medians over the runs, the longest first. */
function kernelsOf(runs: readonly ReadonlyMap<string, Row>[]): KernelProfile[] {
  const last = runs[runs.length - 1];
  const found = [...last].map(([key, { name, variant, dispatches, flops, bytes }]) => {
    const ms = median(runs.flatMap((rows) => rows.get(key)?.ms ?? []));
    const perSecond = (amount: number): number => (ms > 0 ? amount / ms / 1e6 : 0);
    return {
      ...{ name, variant, dispatches, ms, share: 0, flops, bytes },
      gflops: flops > 0 ? perSecond(flops) : null,
      gbPerS: perSecond(bytes),
    };
  });
  const total = found.reduce((sum, { ms }) => sum + ms, 0);
  return found
    .map((kernel) => ({ ...kernel, share: total > 0 ? kernel.ms / total : 0 }))
    .sort((a, b) => b.ms - a.ms);
}

/** A queue that counts what is uploaded. */
class Counter implements Queue {
  bytes = 0;
  private readonly queue: GPUQueue;
  constructor(queue: GPUQueue) {
    this.queue = queue;
  }
  submit(buffers: Iterable<GPUCommandBuffer>): undefined {
    this.queue.submit(buffers);
  }
  writeBuffer(...args: Parameters<Queue['writeBuffer']>): undefined {
    this.bytes += args[4] ?? 0;
    this.queue.writeBuffer(...args);
  }
}

/** Milliseconds until a submit of nothing is heard of. */
async function emptyMs(gpu: GPUDevice): Promise<number> {
  const found: number[] = [];
  for (let i = 0; i < 9; i++) {
    await gpu.queue.onSubmittedWorkDone();
    const began = performance.now();
    gpu.queue.submit([gpu.createCommandEncoder().finish()]);
    await gpu.queue.onSubmittedWorkDone();
    found.push(performance.now() - began);
  }
  return median(found);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
