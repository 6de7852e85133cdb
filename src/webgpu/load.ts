import { SEQUENCE_NAMES } from '../backend.ts';
import type { Device } from '../backend.ts';
import { checkNames, oneOf, readOptions } from '../options.ts';
import type { WebGPUOptions } from './public_types.ts';

const DEFAULTS = {
  ...{ gpu: undefined, device: undefined, powerPreference: undefined },
  ...{ limits: {}, sequence: {}, poison: false },
};
const MUST_BE = { powerPreference: oneOf(['low-power', 'high-performance']) };

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
  const { sequence } = readOptions('webgpu', options, DEFAULTS, MUST_BE);
  checkNames('webgpu: sequence', sequence, SEQUENCE_NAMES);
  const { openDevice } = await import('./device.ts');
  return openDevice(options);
}
