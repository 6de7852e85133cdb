import type { Device } from '../backend.ts';
import type { WebGPUOptions } from './device.ts';

/**
 * A WebGPU device: the browser's, Deno's, or Dawn's in Node (npm `webgpu`, found or passed in). The device and its
 * shaders are a file of their own, loaded when this is first called: a page that only uses cpu() never loads it.
 *
 * Devices on one `GPUDevice` (`webgpu({ device })`) compile each kernel once, and what makes one of them fail makes all
 * fail.
 *
 * @throws DeviceError where there is no WebGPU or no adapter
 */
export async function webgpu(options: WebGPUOptions = {}): Promise<Device> {
  const { openDevice } = await import('./device.ts');
  return openDevice(options);
}
