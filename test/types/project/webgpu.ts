// A program that has WebGPU's types: a GPU and a device of its own are checked.
import { webgpu } from 'gatefold';

export async function own(): Promise<void> {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter!.requestDevice();
  await webgpu({ gpu: navigator.gpu });
  await webgpu({ device });
  // @ts-expect-error
  await webgpu({ gpu: device });
  // @ts-expect-error
  await webgpu({ device: adapter });
}
