import { SEQUENCE_NAMES } from '../backend.ts';
import type { Device } from '../backend.ts';
import { checkNames, readOptions } from '../options.ts';
import { chooseBuild, loadBuild } from './builds.ts';
import type { WasmOptions } from './device.ts';

const DEFAULTS = { build: undefined, threads: undefined, sequence: {}, poison: false };

/**
 * A device of WebAssembly, for machines without a GPU and for small networks that compute one row at a time: every browser with SIMD (Chrome
 * 91, Firefox 89, Safari 16.4), Node and Deno. The device and its kernels are files of their own, loaded when this is first called.
 *
 * @throws DeviceError where the engine has no WebAssembly with SIMD, or not the build that was asked for
 */
export async function wasm(options: WasmOptions = {}): Promise<Device> {
  const { sequence } = readOptions('wasm', options, DEFAULTS);
  checkNames('wasm: sequence', sequence, SEQUENCE_NAMES);
  const build = chooseBuild(options.build);
  // Both at once: one after the other, a page waits for the network twice.
  const [{ openDevice }, text] = await Promise.all([import('./device.ts'), loadBuild(build)]);
  return openDevice(options, build, text);
}
