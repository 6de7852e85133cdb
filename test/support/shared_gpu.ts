/**
 * One `GPUDevice` for all test files that run in a browser's page. Vitest gives each file a frame of its own, so that they share no state;
 * the device belongs to the page around them and keeps its pipelines, since a software adapter takes long to compile a large kernel, and
 * files use many of the same ones.
 */
import { findGpu, requestDevice } from '../../src/webgpu/adapter.ts';

interface Page {
  /** The page around a frame; itself where there is none. Node and Deno have none of them. */
  readonly parent?: Page;
  readonly navigator?: { readonly gpu?: GPU };
  sharedGpu?: Promise<GPUDevice> | null;
}

const own = globalThis as unknown as Page;
const page = own.parent ?? own;

/** @throws Error where there is no adapter */
export function sharedGpu(): Promise<GPUDevice> {
  return (page.sharedGpu ??= open());
}

async function open(): Promise<GPUDevice> {
  const gpu = page.navigator?.gpu ?? (await findGpu());
  const adapter = await gpu.requestAdapter();
  if (!adapter) throw new Error('no WebGPU adapter');
  const device = await requestDevice(adapter);
  void device.lost.then(() => (page.sharedGpu = null));
  keepPipelines(device);
  return device;
}

/** A pipeline of the same code is the same one: Dawn would keep it only as long as a frame does. */
function keepPipelines(device: GPUDevice): void {
  const codes = new WeakMap<GPUShaderModule, string>();
  const pipelines = new Map<string, GPUComputePipeline>();
  const createShaderModule = device.createShaderModule.bind(device);
  const createComputePipeline = device.createComputePipeline.bind(device);
  device.createShaderModule = (descriptor) => {
    const module = createShaderModule(descriptor);
    codes.set(module, descriptor.code);
    return module;
  };
  device.createComputePipeline = (descriptor) => {
    const key = codes.get(descriptor.compute.module)!;
    let pipeline = pipelines.get(key);
    if (!pipeline) pipelines.set(key, (pipeline = createComputePipeline(descriptor)));
    return pipeline;
  };
}
