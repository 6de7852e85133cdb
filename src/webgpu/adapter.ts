/**
 * Finding a GPU: the browser's or Deno's `navigator.gpu`, or Dawn through the npm package `webgpu` in Node; and what its driver is.
 */
import { DeviceError } from '../backend.ts';

export interface AdapterOptions {
  /** The entry point, where it is not `navigator.gpu` (in Node: what `create()` of the npm package `webgpu` gives). */
  gpu?: GPU;
  /** A device that the page made already; the library then makes none. */
  device?: GPUDevice;
  powerPreference?: GPUPowerPreference;
}

/** Dawn stops working when what `create` returned is collected, so it is held for good. */
let dawn: GPU | null = null;

export async function findGpu(): Promise<GPU> {
  const own = (globalThis.navigator as Navigator | undefined)?.gpu;
  if (own) return own;
  if (dawn) return dawn;
  const { process, Deno } = globalThis as {
    process?: { versions?: { node?: string } };
    Deno?: unknown;
  };
  // Deno names a Node version as well, but has a WebGPU of its own.
  if (process?.versions?.node && !Deno) {
    // A name that bundlers do not follow: the package is the user's to install, and only Node needs it.
    const name = 'webgpu';
    try {
      const module = (await import(/* @vite-ignore */ name)) as {
        create(options: string[]): GPU;
        globals: object;
      };
      Object.assign(globalThis, module.globals);
      dawn = module.create([]);
      return dawn;
    } catch (error) {
      throw new DeviceError(
        `no WebGPU: Node has none of its own. Install the npm package 'webgpu' (npm install webgpu), pass ` +
          `webgpu({ gpu }), or use cpu(). (${String(error)})`,
      );
    }
  }
  throw new DeviceError(
    'no WebGPU: this browser or runtime has no navigator.gpu. Use a browser with WebGPU on a secure page (https or ' +
      'localhost), a newer Deno, or ask for the slower cpu() device',
  );
}

const LIMITS = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
] as const;
const FEATURES: readonly GPUFeatureName[] = ['timestamp-query', 'subgroups', 'shader-f16'];

/** The largest limits and the features that the adapter offers; the guaranteed ones where it will not give them. */
export async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const requiredLimits = Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]]));
  const requiredFeatures = FEATURES.filter((feature) => adapter.features.has(feature));
  try {
    return await adapter.requestDevice({ requiredFeatures, requiredLimits });
  } catch {
    return await adapter.requestDevice();
  }
}

/** A device of the adapter that the options ask for, or the one that they bring, and how it names itself. */
export async function requestGpu(
  options: AdapterOptions,
): Promise<{ gpu: GPUDevice; description: string }> {
  const { device, powerPreference } = options;
  if (device) return { gpu: device, description: describe(device.adapterInfo) };
  const entry = options.gpu ?? (await findGpu());
  const adapter = await entry.requestAdapter(powerPreference ? { powerPreference } : {});
  if (!adapter)
    throw new DeviceError(
      'no WebGPU adapter: there is no GPU driver that WebGPU accepts. Update the driver, allow a software adapter ' +
        '(Chromium: --use-webgpu-adapter=swiftshader; Node: VK_ICD_FILENAMES), or ask for the slower cpu() device',
    );
  return { gpu: await requestDevice(adapter), description: describe(adapter.info) };
}

/** Some runtimes tell nothing. */
function describe(info: Partial<GPUAdapterInfo> = {}): string {
  const { vendor = '', architecture = '', device = '', description = '' } = info;
  const parts = [vendor, architecture, device, description].filter((part) => part !== '');
  return parts.join(' ') || 'WebGPU';
}

/** Whether a CPU computes behind WebGPU, by the adapter's name: SwiftShader, Mesa's llvmpipe, Windows' WARP. */
export const isSoftware = (description: string): boolean =>
  /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(description);

export const isLlvmpipe = (description: string): boolean =>
  /llvmpipe|lavapipe|mesa software/i.test(description);
