/** Finding a GPU: the browser's or Deno's `navigator.gpu`, or Dawn through the npm package `webgpu` in Node. */
import { DeviceError } from '../backend.ts';

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
