/** The devices that the tests run on: the reference, and those that are held against it. */
import type { Device, SequenceOptions } from '../../src/backend.ts';
import { BACKWARD_KERNELS } from '../../src/kernel_groups/backward.generated.ts';
import { POWER_KERNELS } from '../../src/kernel_groups/power.generated.ts';
import { cpu } from '../../src/cpu/device.ts';
import { addKernels } from '../../src/kernel_sources.ts';
import type { WebGPUOptions } from '../../src/webgpu/public_types.ts';
import { wasm } from '../../src/wasm/load.ts';
import { webgpu } from '../../src/webgpu/load.ts';
import { sharedGpu } from './shared_gpu.ts';
import { TOLERANCE } from './tolerances.ts';
import type { Tolerance } from './tolerances.ts';

// Some tests run these kernels themselves.
addKernels(BACKWARD_KERNELS);
addKernels(POWER_KERNELS);

/** The float64 twin: the reference. */
export const reference: Device = cpu({ precision: 'float64' });

export interface TestedDevice {
  readonly name: string;
  /** A device of this page, opened once for the same options. */
  readonly open: (options?: TestOptions) => Promise<Device>;
  /** Its column of the table of tolerances. */
  readonly tolerance: Readonly<Record<'op' | 'long', Tolerance>>;
}
/** What a test may ask of every device. */
export interface TestOptions {
  sequence?: SequenceOptions;
  /** Memory starts as NaN, so that an element that a kernel forgets to write shows. */
  poison?: boolean;
}

/** Another device is a line here. */
const devices: readonly TestedDevice[] = [
  { name: 'webgpu', open: gpu, tolerance: { op: TOLERANCE.gpu, long: TOLERANCE.long } },
  { name: 'wasm', open: openWasm, tolerance: { op: TOLERANCE.gpu, long: TOLERANCE.long } },
];

/** Of Node and Deno. */
export const environment = (globalThis as { process?: { env?: Record<string, string> } }).process
  ?.env;
/** The devices that a run is for. */
const wanted = environment?.GATEFOLD_DEVICES?.split(',');
export const testedDevices = devices.filter(({ name }) => wanted?.includes(name) ?? true);

type Named = readonly [name: string, open: (options?: TestOptions) => Promise<Device>];
const named = testedDevices.map(({ name, open }): Named => [name, open]);

/** The tested devices and the reference, for `describe.each`. */
export const allDevices: readonly Named[] = [
  ...named,
  ['the float64 twin', () => Promise.resolve(reference)],
];

/** The devices that compute in float32, as programs do. */
export const float32Devices: readonly Named[] = [
  ...named,
  ['cpu', (options) => Promise.resolve(cpu({ sequence: options?.sequence }))],
];

/** The reference and the tested devices. */
export const openAll = async (options?: TestOptions): Promise<Device[]> => [
  reference,
  ...(await Promise.all(testedDevices.map(({ open }) => open(options)))),
];

/** The reference, made to run sequences in another way. */
export const referenceWith = (sequence?: SequenceOptions): Device =>
  sequence ? cpu({ precision: 'float64', sequence }) : reference;

const opened = new Map<string, Promise<Device>>();

/** The WebAssembly device with these options, opened once. */
export function openWasm(options: TestOptions = {}): Promise<Device> {
  const key = `wasm ${JSON.stringify(options)}`;
  let device = opened.get(key);
  if (!device) opened.set(key, (device = wasm(options)));
  return device;
}

/**
 * The GPU device of this page, or one with these options on the same `GPUDevice`, so that each kernel is compiled once. A test that
 * loses or breaks a device makes its own with `webgpu()`. No adapter is a failure.
 */
export function gpu(options: WebGPUOptions = {}): Promise<Device> {
  const key = JSON.stringify(options);
  let device = opened.get(key);
  if (!device) opened.set(key, (device = freshGpu(options)));
  return device;
}

/** The same with storages and counts of its own. It must not be destroyed, which would end the `GPUDevice`. */
export const freshGpu = async (options: WebGPUOptions = {}): Promise<Device> =>
  webgpu({ ...options, device: await sharedGpu() });
