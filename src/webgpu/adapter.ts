/**
 * Finding a GPU: the browser's or Deno's `navigator.gpu`, or Dawn through the npm package `webgpu` in Node; and what its driver is.
 */
import { DeviceError } from '../backend.ts';
import { installedPackage } from '../installed_package.ts';
import type { WebGPUOptions } from './public_types.ts';

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
    try {
      const module = (await installedPackage('webgpu')) as {
        create(options: string[]): GPU;
        globals: object;
      };
      Object.assign(globalThis, module.globals);
      dawn = module.create([]);
      return dawn;
    } catch (error) {
      throw new DeviceError(
        `no WebGPU: Node has none of its own. Install the npm package 'webgpu' (npm install webgpu), pass ` +
          `webgpu({ gpu }), or use best(), which computes with WebAssembly then, or cpu(). (${String(error)})`,
      );
    }
  }
  throw new DeviceError(
    'no WebGPU: this browser or runtime has no navigator.gpu. Use a browser with WebGPU on a secure page (https or ' +
      'localhost), a newer Deno, or ask for best(), which computes with WebAssembly then, or for the slower cpu() device',
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

/** What computes, before it is opened. */
export interface FoundAdapter {
  readonly description: string;
  /** Whether a CPU computes behind it. */
  readonly isSoftware: boolean;
  readonly open: () => Promise<GPUDevice>;
}

/** The adapter that the options ask for, or that of the device which they bring. @throws DeviceError where there is none */
export async function findAdapter(options: WebGPUOptions): Promise<FoundAdapter> {
  const { device, powerPreference } = options;
  if (device) return described(device.adapterInfo, () => Promise.resolve(device));
  const entry = options.gpu ?? (await findGpu());
  const adapter = await entry.requestAdapter(powerPreference ? { powerPreference } : {});
  if (!adapter)
    throw new DeviceError(
      'no WebGPU adapter: there is no GPU driver that WebGPU accepts. Update the driver, allow a software adapter ' +
        '(Chromium: --use-webgpu-adapter=swiftshader; Node: VK_ICD_FILENAMES), or ask for best(), which computes with ' +
        'WebAssembly then, or for the slower cpu() device',
    );
  // Where browsers said it before it was a part of `info`.
  const { isFallbackAdapter } = adapter as { isFallbackAdapter?: boolean };
  return described(adapter.info, () => requestDevice(adapter), isFallbackAdapter);
}

/** @param info some runtimes tell nothing */
function described(
  info: Partial<GPUAdapterInfo> = {},
  open: FoundAdapter['open'],
  isFallback = info.isFallbackAdapter ?? false,
): FoundAdapter {
  const { vendor = '', architecture = '', device = '', description: text = '' } = info;
  const parts = [vendor, architecture, device, text].filter((part) => part !== '');
  const description = parts.join(' ') || 'WebGPU';
  return { description, isSoftware: isFallback || isSoftware(description), open };
}

/** Whether a CPU computes behind WebGPU, by the adapter's name: SwiftShader, Mesa's llvmpipe, Windows' WARP. */
export const isSoftware = (description: string): boolean =>
  /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(description);

export const isLlvmpipe = (description: string): boolean =>
  /llvmpipe|lavapipe|mesa software/i.test(description);
