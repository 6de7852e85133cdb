/** A GPU device with a count beside its own: of the calls by which WebGPU gets its work. */
import type { Device } from '../../src/backend.ts';
import { findGpu, requestDevice } from '../../src/webgpu/adapter.ts';
import { webgpu } from '../../src/webgpu/load.ts';

export interface Commands {
  dispatches: number;
  submits: number;
}

export interface CountedDevice {
  device: Device;
  /** Calls of `dispatchWorkgroups`, of any device, and of this device's `submit`, so far. */
  counted: () => Commands;
  /** What the device says of itself. */
  stated: () => Commands;
  /** Ends the counting, and the device. */
  end: () => void;
}

export async function countedDevice(): Promise<CountedDevice> {
  const adapter = await (await findGpu()).requestAdapter();
  const raw = await requestDevice(adapter!);
  const counts: Commands = { dispatches: 0, submits: 0 };
  const submit = raw.queue.submit.bind(raw.queue);
  raw.queue.submit = (buffers) => {
    counts.submits++;
    return submit(buffers);
  };
  const { prototype } = GPUComputePassEncoder;
  const dispatch = prototype.dispatchWorkgroups;
  prototype.dispatchWorkgroups = function (...groups) {
    counts.dispatches++;
    return dispatch.apply(this, groups);
  };
  const device = await webgpu({ device: raw });
  return {
    device,
    counted: () => ({ ...counts }),
    stated: () => {
      const { dispatches, submits } = device.stats();
      return { dispatches, submits };
    },
    end: () => {
      prototype.dispatchWorkgroups = dispatch;
      device.destroy();
    },
  };
}

export function difference(after: Commands, before: Commands): Commands {
  return {
    dispatches: after.dispatches - before.dispatches,
    submits: after.submits - before.submits,
  };
}
