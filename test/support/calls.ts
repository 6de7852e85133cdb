/** A GPU device over whose shoulder a test looks: how often WebGPU was asked for what. */
import type { Device } from '../../src/backend.ts';
import { findGpu, requestDevice } from '../../src/webgpu/adapter.ts';
import { webgpu } from '../../src/webgpu/load.ts';

/** What costs time or memory when it is done every step, or holds the steps up. */
const METHODS = [
  'createBuffer',
  'createBindGroup',
  'createComputePipeline',
  'createCommandEncoder',
] as const;
const QUEUE_METHODS = ['submit', 'writeBuffer'] as const;
type Method = (typeof METHODS)[number] | (typeof QUEUE_METHODS)[number] | 'mapAsync';
export type Calls = Record<Method, number>;

export interface WatchedDevice {
  device: Device;
  /** Calls so far: of this device and its queue; of `mapAsync` of any buffer. */
  calls: () => Calls;
  /** Names of the calls of the queue, in their order, since this was last asked. */
  order: () => string[];
  /** Ends the counting, and the device. */
  end: () => void;
}

export async function watchedDevice(): Promise<WatchedDevice> {
  const adapter = await (await findGpu()).requestAdapter();
  const raw = await requestDevice(adapter!);
  const names: Method[] = [...METHODS, ...QUEUE_METHODS, 'mapAsync'];
  const counts = Object.fromEntries(names.map((name) => [name, 0])) as Calls;
  let order: string[] = [];
  type Methods = Record<string, (...args: unknown[]) => unknown>;
  const watch = (target: object, name: Method, noted: boolean): (() => void) => {
    const methods = target as Methods;
    const original = methods[name];
    methods[name] = function (...args) {
      counts[name]++;
      if (noted) order.push(name);
      return original.apply(this, args);
    };
    return () => (methods[name] = original);
  };
  for (const name of METHODS) watch(raw, name, false);
  for (const name of QUEUE_METHODS) watch(raw.queue, name, true);
  const unwatch = watch(GPUBuffer.prototype, 'mapAsync', false);
  const device = await webgpu({ device: raw });
  return {
    device,
    calls: () => ({ ...counts }),
    order: () => {
      const noted = order;
      order = [];
      return noted;
    },
    end: () => {
      unwatch();
      device.destroy();
    },
  };
}
