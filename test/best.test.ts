/** What best() chooses, with adapters that only pretend to be what they are called. Runs in Chromium, Node and Deno. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { best, DeviceError, ops, tensor } from '../src/index.ts';
import type { BestOptions, Device } from '../src/index.ts';
import { findGpu } from '../src/webgpu/adapter.ts';

const scope = globalThis as { navigator?: { gpu?: unknown } };
const own = scope.navigator !== undefined;

/** Lets navigator.gpu be `gpu` until the test ends. */
function pretend(gpu: object): void {
  const given = { configurable: true, value: gpu };
  if (scope.navigator) Object.defineProperty(scope.navigator, 'gpu', given);
  else Object.defineProperty(scope, 'navigator', { configurable: true, value: { gpu } });
}
afterEach(() => {
  if (own) delete scope.navigator!.gpu;
  else delete scope.navigator;
});

/** WebGPU of this machine, kept from before navigator.gpu is replaced. */
let real: GPU;
beforeAll(async () => {
  real = await findGpu();
});
/** An adapter of this machine, of which other things are said. */
const entry = (info: Partial<GPUAdapterInfo>, facts: object = {}) => ({
  async requestAdapter() {
    const adapter = (await real.requestAdapter())!;
    return {
      info,
      limits: adapter.limits,
      features: adapter.features,
      requestDevice: (wanted?: GPUDeviceDescriptor) => adapter.requestDevice(wanted),
      ...facts,
    };
  },
});

async function product(device: Device): Promise<number[]> {
  const [a, b] = [
    [1, 2],
    [3, 4],
  ].map((row) => tensor([row], [1, 2], 'float32', device));
  return Array.from(await ops.matmul(a, b, { transposeB: true }).data());
}
const WASM = 'WebAssembly, (relaxed|plain) SIMD';

describe('best()', () => {
  it.each<[string, object, string]>([
    [
      'a software adapter',
      entry({ vendor: 'google', architecture: 'swiftshader' }),
      'the WebGPU adapter here is software: google swiftshader',
    ],
    [
      'a fallback adapter',
      entry({ vendor: 'acme', isFallbackAdapter: true }),
      'the WebGPU adapter here is software: acme',
    ],
    [
      'a fallback adapter as browsers once said it',
      entry({ vendor: 'acme' }, { isFallbackAdapter: true }),
      'the WebGPU adapter here is software: acme',
    ],
    [
      'no adapter',
      { requestAdapter: () => Promise.resolve(null) },
      'no WebGPU adapter: there is no GPU driver that WebGPU accepts',
    ],
    [
      'a request that fails',
      { requestAdapter: () => Promise.reject(new Error('the GPU process crashed\nat line 7')) },
      'WebGPU failed: the GPU process crashed',
    ],
    [
      'an adapter that opens no device',
      entry({ vendor: 'acme' }, { requestDevice: () => Promise.reject(new Error('busy')) }),
      'WebGPU failed: busy',
    ],
  ])('takes WebAssembly in place of %s', async (_, gpu, reason) => {
    pretend(gpu);
    const device = await best();
    expect(device.kind).toBe('wasm');
    expect(device.description).toMatch(new RegExp(`^${WASM} \\(${reason}\\)$`));
    expect(await product(device)).toEqual([11]);
  });

  it('takes a GPU', async () => {
    pretend(entry({ vendor: 'acme', architecture: 'rocket' }));
    const device = await best();
    expect(device.kind).toBe('webgpu');
    expect(device.description).toBe('acme rocket (WebGPU, since this adapter is a GPU)');
    expect(await product(device)).toEqual([11]);
  });

  it('hands options to the device that it chooses', async () => {
    pretend(entry({ vendor: 'google', architecture: 'swiftshader' }));
    const options: BestOptions = { wasm: { build: 'plain' } };
    expect((await best(options)).description).toMatch(/^WebAssembly, plain SIMD \(/);
    const gpu = entry({ vendor: 'acme' }) as unknown as GPU;
    const { limits } = await best({ webgpu: { gpu, sequence: { chunk: 7 } } });
    expect(limits.maxSteps).toBe(7);
  });

  it('refuses what it cannot do', async () => {
    pretend({ requestAdapter: () => Promise.resolve(null) });
    await expect(best({ powerPreference: 'low-power' } as BestOptions)).rejects.toThrow(
      "best: expected the options { webgpu, wasm }, got 'powerPreference'; options of a device go into its own",
    );
    const wrong = { wasm: { build: 'fast' } } as unknown as BestOptions;
    await expect(best(wrong)).rejects.toThrow(
      "wasm: expected build to be one of plain, relaxed, got 'fast'",
    );
  });

  it('names cpu() where there is no SIMD', async () => {
    pretend({ requestAdapter: () => Promise.resolve(null) });
    const { validate } = WebAssembly;
    WebAssembly.validate = () => false;
    try {
      const opening = best();
      await expect(opening).rejects.toThrow(
        /^no WebAssembly with SIMD here .* the slower cpu\(\)$/,
      );
      await expect(opening).rejects.toThrow(DeviceError);
    } finally {
      WebAssembly.validate = validate;
    }
  });

  it('asks for relaxed SIMD only where it is', async () => {
    pretend({ requestAdapter: () => Promise.resolve(null) });
    const { validate } = WebAssembly;
    WebAssembly.validate = (bytes) => (bytes as Uint8Array).byteLength < 36;
    try {
      expect((await best()).description).toMatch(/^WebAssembly, plain SIMD \(/);
      await expect(best({ wasm: { build: 'relaxed' } })).rejects.toThrow(
        "no relaxed SIMD here (Node 20 and Safari have none): leave out the option build, or ask for 'plain'",
      );
    } finally {
      WebAssembly.validate = validate;
    }
  });
});
