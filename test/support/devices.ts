/** The two devices that tests compare. No adapter is a failure: `webgpu()` then throws. */
import type { Device } from '../../src/backend.ts';
import { cpu } from '../../src/cpu/device.ts';
import { webgpu } from '../../src/webgpu/load.ts';

/** The float64 twin: the reference. */
export const reference: Device = cpu({ precision: 'float64' });

let shared: Promise<Device> | null = null;

/** The GPU device, one for all tests of a page. A test that loses or breaks a device makes its own. */
export function gpu(): Promise<Device> {
  return (shared ??= webgpu());
}
