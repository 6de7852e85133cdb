import type { Device } from '../backend.ts';
import type { BestOptions } from './choose.ts';

/**
 * The faster device of this machine: WebGPU where there is a GPU, and WebAssembly where WebGPU is missing, finds no adapter, fails, or has an
 * adapter that computes on the CPU. `description` says what was chosen and why. The device that is not chosen is not loaded.
 *
 * @throws DeviceError where there is no GPU and no WebAssembly with SIMD either
 */
export async function best(options: BestOptions = {}): Promise<Device> {
  const { chooseDevice } = await import('./choose.ts');
  return chooseDevice(options);
}
