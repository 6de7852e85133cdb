/** Timing the dispatches of a function on a GPU device: what profiles and autotuning share. */
import type { Device } from '../backend.ts';
import type { Clock } from '../webgpu/clocks/clock.ts';
import { TimestampClock } from '../webgpu/clocks/timestamps.ts';
import { WaitingClock } from '../webgpu/clocks/waiting.ts';
import type { ObservableDevice, Observer } from '../webgpu/observer.ts';
import { DispatchTimer } from './dispatch_timer.ts';
import type { Row } from './dispatch_timer.ts';

export const isObservable = (device: Device): device is ObservableDevice =>
  device.kind === 'webgpu';

/** GPUs that are being measured. */
const busy = new WeakSet<object>();

/** Runs one measurement of a device at a time; refuses a second one, and a number of repetitions that is none. */
export async function exclusively<T>(
  device: ObservableDevice,
  name: string,
  repeats: number,
  measurement: () => Promise<T>,
): Promise<T> {
  if (!Number.isInteger(repeats) || repeats < 1)
    throw new Error(`${name}: expected repeats to be a whole number from 1 on, got ${repeats}`);
  if (busy.has(device.gpu))
    throw new Error(`${name}: this device is being measured already; await that before`);
  busy.add(device.gpu);
  try {
    return await measurement();
  } finally {
    busy.delete(device.gpu);
  }
}

/** Calls the function, and waits until the device has done what it asked for. */
export async function runOnce(device: ObservableDevice, fn: () => unknown): Promise<void> {
  await fn();
  device.submit();
  await device.observer?.handedOver?.();
  await device.gpu.queue.onSubmittedWorkDone();
}

export async function clockOf(device: ObservableDevice, timestamps: boolean): Promise<Clock> {
  return timestamps && device.gpu.features.has('timestamp-query')
    ? new TimestampClock(device)
    : new WaitingClock(device, await emptyMs(device));
}

/**
 * Runs in which every dispatch is timed, after one that finds out how often each is to be repeated.
 *
 * @param choose chooses the variants that run
 */
export async function timeKernels(
  device: ObservableDevice,
  fn: () => unknown,
  repeats: number,
  clock: Clock,
  choose?: Observer['choose'],
): Promise<ReadonlyMap<string, Row>[]> {
  const timer = new DispatchTimer(clock, choose);
  const runs: Map<string, Row>[] = [];
  device.observer = timer;
  try {
    for (let i = 0; i <= repeats; i++) {
      await runOnce(device, fn);
      const rows = await timer.endRun();
      if (i === 0) timer.repeatFrom(rows);
      else runs.push(rows);
    }
    return runs;
  } finally {
    try {
      // An error may have left commands behind, which belong to this clock.
      device.submit();
      await clock.handedOver();
    } finally {
      device.observer = null;
      clock.destroy();
    }
  }
}

/** Milliseconds until an empty submit is reported done. */
async function emptyMs({ gpu }: ObservableDevice): Promise<number> {
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
