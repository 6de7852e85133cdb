/**
 * Where the time goes in what a function does on a device. The function is called again and again: to compile, for its time as it
 * is, with every dispatch timed once, and then with those repeated that are too short for the clock.
 */
import type { Device } from '../backend.ts';
import { COUNT, readOptions } from '../options.ts';
import { measureCeilings } from '../webgpu/clocks/ceilings.ts';
import type { ObservableDevice, Observer } from '../webgpu/observer.ts';
import type { Row } from './dispatch_timer.ts';
import { clockOf, exclusively, isObservable, median, runOnce, timeKernels } from './measure.ts';
import { profileTable } from './table.ts';
import type { KernelProfile, Profile, ProfileOptions } from './types.ts';

/**
 * Measures what `fn` does on a device: each kernel's time, and how near it comes to the device's ceilings.
 * `console.log(String(await profile(device, () => model.trainOnBatch(x, y))))` prints a table. The function is called
 * several times (`ProfileOptions.repeats`) and does each time what it always does: a training step trains. It may be
 * asynchronous, and nobody else may use the device before the promise resolves.
 *
 * @param device what `webgpu()` gave
 * @param fn what to measure; it should record the same each time
 * @throws where the device is no GPU
 */
export async function profile(
  device: Device,
  fn: () => unknown,
  options: ProfileOptions = {},
): Promise<Profile> {
  const { repeats, timestamps } = readOptions(
    'profile',
    options,
    { repeats: 5, timestamps: true },
    { repeats: COUNT },
  );
  if (!isObservable(device))
    throw new Error(
      "profile: only a webgpu() device can be measured; use the runtime's profiler for others",
    );
  return exclusively(device, 'profile', repeats, () => measure(device, fn, repeats, timestamps));
}

async function measure(
  device: ObservableDevice,
  fn: () => unknown,
  repeats: number,
  timestamps: boolean,
): Promise<Profile> {
  const ceilings = await measureCeilings(device);
  await runOnce(device, fn);
  const whole = await timeWhole(device, fn, repeats);
  const clock = await clockOf(device, timestamps);
  const kernels = kernelsOf(await timeKernels(device, fn, repeats, clock));
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

/** Runs as they are without a profile; only uploads are counted. */
async function timeWhole(
  device: ObservableDevice,
  fn: () => unknown,
  repeats: number,
): Promise<Pick<Profile, 'ms' | 'dispatches' | 'copies' | 'submits' | 'uploadedBytes'>> {
  let uploaded = 0;
  const { queue } = device.gpu;
  const counting: NonNullable<Observer['queue']> = {
    submit: (buffers) => queue.submit(buffers),
    writeBuffer: (buffer, offset, data, from = 0, size = data.byteLength) => {
      uploaded += size;
      queue.writeBuffer(buffer, offset, data, from, size);
    },
  };
  const before = device.stats();
  const times: number[] = [];
  device.observer = { queue: counting };
  try {
    for (let i = 0; i < repeats; i++) {
      const began = performance.now();
      await runOnce(device, fn);
      times.push(performance.now() - began);
    }
  } finally {
    device.observer = null;
  }
  const after = device.stats();
  return {
    ms: median(times),
    dispatches: (after.dispatches - before.dispatches) / repeats,
    copies: (after.copies - before.copies) / repeats,
    submits: (after.submits - before.submits) / repeats,
    uploadedBytes: uploaded / repeats,
  };
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
