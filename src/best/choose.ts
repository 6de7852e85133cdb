/** The rule by which best() chooses: a GPU through WebGPU, else WebAssembly. */
import { DeviceError } from '../backend.ts';
import type { Device } from '../backend.ts';
import type { WasmOptions } from '../wasm/device.ts';
import { wasm } from '../wasm/load.ts';
import { findAdapter } from '../webgpu/adapter.ts';
import type { WebGPUOptions } from '../webgpu/public_types.ts';

/** Options for the device that `best` chooses. */
export interface BestOptions {
  /** For `webgpu()`, where that is chosen. */
  webgpu?: WebGPUOptions;
  /** For `wasm()`, where that is chosen. */
  wasm?: WasmOptions;
}

/** What best() in load.ts does. */
export async function chooseDevice(given: BestOptions | null): Promise<Device> {
  const options = given ?? {};
  for (const name of Object.keys(options))
    if (name !== 'webgpu' && name !== 'wasm')
      throw new Error(
        `best: expected the options { webgpu, wasm }, got '${name}'; options of a device go into its own, such as ` +
          `best({ webgpu: { powerPreference: 'high-performance' } })`,
      );
  const found = await openGpu(options.webgpu ?? {});
  if (typeof found !== 'string') return found;
  return explained(await wasm(options.wasm), found);
}

/** The GPU's device, or why there is none. */
async function openGpu(options: WebGPUOptions): Promise<Device | string> {
  try {
    const adapter = await findAdapter(options);
    if (adapter.isSoftware) return `the WebGPU adapter here is software: ${adapter.description}`;
    const { openDevice } = await import('../webgpu/device.ts');
    return explained(await openDevice(options, adapter), 'WebGPU, since this adapter is a GPU');
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // The first sentence of our own errors says what is missing, the others what to do without best().
    if (error instanceof DeviceError) return message.split('. ')[0];
    return `WebGPU failed: ${message.split('\n')[0]}`;
  }
}

const explained = (device: Device, reason: string): Device =>
  Object.assign(device, { description: `${device.description} (${reason})` });
