/** What is said where there is no WebGPU. Runs in Chromium, Node and Deno, and before any device is made: Node keeps Dawn. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeviceError } from '../../src/backend.ts';
import { best } from '../../src/best/load.ts';
import { findGpu } from '../../src/webgpu/adapter.ts';
import { webgpu } from '../../src/webgpu/load.ts';

const scope = globalThis as { navigator?: { gpu?: GPU }; GPUBufferUsage?: object };
const own = scope.navigator?.gpu !== undefined;

describe('a runtime without WebGPU', () => {
  let hidden = false;
  beforeEach(() => {
    const options = { configurable: true, writable: false };
    if (own) Object.defineProperty(scope.navigator, 'gpu', { ...options, value: undefined });
    // Node: Dawn is installed, but cannot put its globals in their places.
    else Object.defineProperty(scope, 'GPUBufferUsage', { ...options, value: {} });
    hidden = true;
  });
  const showAgain = () => {
    if (hidden && own) delete scope.navigator!.gpu;
    else if (hidden) delete scope.GPUBufferUsage;
    hidden = false;
  };
  afterEach(showAgain);

  const message = own
    ? 'no WebGPU: this browser or runtime has no navigator.gpu. Use a browser with WebGPU on a secure page (https or localhost), a newer Deno, or ask for best(), which computes with WebAssembly then, or for the slower cpu() device'
    : "no WebGPU: Node has none of its own. Install the npm package 'webgpu' (npm install webgpu), pass webgpu({ gpu }), or use best(), which computes with WebAssembly then, or cpu(). (TypeError: ";

  it('is told what to do', async () => {
    await expect(webgpu()).rejects.toThrow(message);
    await expect(webgpu()).rejects.toThrow(DeviceError);
  });

  it('computes with WebAssembly where best() may choose', async () => {
    const device = await best();
    expect(device.kind).toBe('wasm');
    const reason = message.split('. ')[0];
    expect(device.description).toMatch(/^WebAssembly, (relaxed|plain) SIMD \(no WebGPU: /);
    expect(device.description.endsWith(` (${reason})`)).toBe(true);
  });

  it('takes the GPU that it is given, and its own once it is there', async () => {
    const none = { requestAdapter: () => Promise.resolve(null) } as unknown as GPU;
    await expect(webgpu({ gpu: none })).rejects.toThrow('no WebGPU adapter: ');
    showAgain();
    const adapter = await (await findGpu()).requestAdapter();
    expect(adapter).not.toBe(null);
  });
});
