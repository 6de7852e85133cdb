/** What the GPU device does when something is wrong: nothing stays silent. And that its counts are true. */
import { describe, expect, it } from 'vitest';
import { backward } from '../../src/backward.ts';
import type { Device, KernelName, Variant } from '../../src/backend.ts';
import { DeviceError } from '../../src/backend.ts';
import { addKernels } from '../../src/kernel_sources.ts';
import { recurrent } from '../../src/ops/recurrent.ts';
import { fill, scope, tensor, Variable } from '../../src/tensor.ts';
import { webgpu } from '../../src/webgpu/load.ts';
import type { ObservableDevice } from '../../src/webgpu/observer.ts';
import { link } from '../../src/webgpu/link.ts';
import { Pipelines } from '../../src/webgpu/pipelines.ts';
import { FILES, KERNELS } from '../../src/webgpu/shaders.generated.ts';
import { countedDevice } from '../support/commands.ts';
import { gpu } from '../support/devices.ts';
import { GROUPS } from '../support/kernel-groups.ts';

const kernels = KERNELS as Record<string, (typeof KERNELS)[string]>;

const rawOf = (device: Device): GPUDevice => (device as ObservableDevice).gpu;

describe('every kernel', async () => {
  type Instance = [kernel: string, slots: Variant['slots']];
  for (const group of GROUPS) addKernels(group);
  const everyKernel = Object.assign(
    {},
    KERNELS,
    ...GROUPS.map((group) => group.kernels),
  ) as typeof KERNELS;
  const everyFile = Object.assign({}, FILES, ...GROUPS.map((group) => group.files)) as typeof FILES;
  const IMPORT = /^#import (?:(\w+): )?((\w+\/)\w+)$/gm;
  /** Sources that a kernel is linked from with its defaults, and its slots, each with its folder. */
  function partsOf(source: string): { sources: string[]; slots: Map<string, string> } {
    const imports = [...source.matchAll(IMPORT)];
    const parts = imports.map(([, , path]) => partsOf(everyFile[path]));
    const own = imports.flatMap(([, slot, , folder]) => (slot ? [[slot, folder] as const] : []));
    return {
      sources: [source, ...parts.flatMap(({ sources }) => sources)],
      slots: new Map([...own, ...parts.flatMap(({ slots }) => [...slots])]),
    };
  }
  /** The kernel with each of the files that can fill each of its slots: those that have the functions that it calls. */
  const instances = Object.entries(everyKernel).flatMap(([kernel, { source }]): Instance[] => {
    const { sources, slots } = partsOf(source);
    const filled = [...slots].flatMap(([slot, folder]) => {
      const called = [
        ...sources.join('').matchAll(new RegExp(`(?<!fn )\\b${slot}(_\\w+)?\\(`, 'g')),
      ];
      const needed = called.map(([, rest = '']) => `fn ${folder.slice(0, -2)}${rest}(`);
      return Object.keys(everyFile)
        .filter((path) => path.startsWith(folder))
        .filter((path) => needed.every((start) => everyFile[path].includes(start)))
        .map((path): Instance => [kernel, { [slot]: path.slice(folder.length) }]);
    });
    return filled.length > 0 ? filled : [[kernel, {}]];
  });
  const device = rawOf(await gpu());

  it('of every kernel there is one, and of every file', () => {
    const seen = instances.map(([kernel, slots]) => [kernel, ...Object.values(slots ?? {})]).flat();
    const files = Object.keys(everyFile).filter((path) => !path.startsWith('lib/'));
    expect(seen).toEqual(expect.arrayContaining(Object.keys(everyKernel)));
    expect(seen).toEqual(expect.arrayContaining(files.map((path) => path.split('/')[1])));
  });

  // An activation is a few lines at the end of kernels that are long, and ops/recurrent.test.ts runs each cell backward in every way: there, what
  // the front end says is enough.
  const [checked, compiled] = [true, false].map((is) =>
    instances.filter(
      ([kernel, slots]) =>
        (/^sequence_.*_backward/.test(kernel) ||
          Object.keys(slots ?? {}).some((slot) => /activation/.test(slot))) === is,
    ),
  );

  it.each(compiled)('%s with %o is linked and compiles', async (kernel, slots) => {
    const problems: Promise<DeviceError | null>[] = [];
    new Pipelines(device, (check) => problems.push(check)).get(kernel, { slots });
    for (const problem of await Promise.all(problems)) expect(problem?.message).toBeUndefined();
  });

  it.each(checked)('%s with %o is linked and valid', async (kernel, slots) => {
    const { code } = link(kernel, { slots }, []);
    const { messages } = await device.createShaderModule({ code }).getCompilationInfo();
    const errors = messages.filter(({ type }) => type === 'error');
    expect(errors.map(({ message }) => message)).toEqual([]);
  });
});

describe('a device in trouble', () => {
  it('reports a compile error with its message, line and numbered source', async () => {
    const device = await webgpu();
    const { source, ...fill } = kernels['fill'];
    kernels['broken'] = { ...fill, source: source.replace(/(out\[\w\]=)/, '$1nonsense+') };
    const out = device.alloc(4, 'float32');
    device.run('broken' as KernelName as 'fill', { out }, { size: 4, value: 1 });
    await expect(device.read(out)).rejects.toThrow(
      /kernel 'broken' does not compile:\n {2}line \d+, column \d+: .*nonsense[^]*> +\d+ .*nonsense/,
    );
    // And it stays broken: nothing computed after can be trusted.
    expect(() => device.alloc(4, 'float32')).toThrow(DeviceError);
    delete kernels['broken'];
    device.destroy();
  });

  it('reports what WebGPU refuses', async () => {
    const device = await webgpu();
    const out = device.alloc(4, 'float32');
    // A copy that WebGPU does not allow, made behind the library's back, inside its recording.
    device.run('fill', { out }, { size: 4, value: 1 });
    const raw = rawOf(device);
    const small = raw.createBuffer({
      size: 4,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    (device as ObservableDevice).commands().copyBufferToBuffer(small, 0, small, 0, 1024);
    device.submit();
    await expect(device.read(out)).rejects.toThrow(/WebGPU refused a command/);
    device.destroy();
  });

  it('reports an error that nobody captured', async () => {
    const device = await webgpu();
    const out = device.alloc(4, 'float32');
    rawOf(device).createBuffer({
      size: 16,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE,
    });
    await expect(async () => {
      for (let i = 0; i < 20; i++) {
        await device.read(out);
        await new Promise((done) => setTimeout(done, 5));
      }
    }).rejects.toThrow(/WebGPU reported an error/);
    device.destroy();
  });

  it('reports a lost device, and what to do', async () => {
    const device = await webgpu();
    const out = device.alloc(4, 'float32');
    device.destroy();
    await rawOf(device).lost;
    await expect(async () => device.read(out)).rejects.toThrow(
      /the GPU device was lost .*Make a new one with webgpu\(\), and load the last checkpoint/,
    );
  });

  it('refuses a buffer, a binding and a write that do not fit, naming the limit', async () => {
    const device = await webgpu({ limits: { maxBindingBytes: 1024, maxBufferBytes: 4096 } });
    expect(() => device.alloc(2000, 'float32')).toThrow(
      /needs 8000 bytes; this device's maxBufferSize is 4096 bytes, so at most 1024 elements fit/,
    );
    const out = device.alloc(1000, 'float32');
    expect(() => device.run('fill', { out }, { size: 1000, value: 0 })).toThrow(
      /binding 'out' has 4000 bytes; this device's maxStorageBufferBindingSize is 1024 bytes \(256 elements\)/,
    );
    expect(() => device.write(out, new Float32Array(2), 999)).toThrow(/do not fit 1000 elements/);
    device.destroy();
  });

  it('refuses a buffer that is read and written in one dispatch, and a missing parameter', async () => {
    const device = await gpu();
    const a = device.alloc(4, 'float32');
    expect(() => device.run('accumulate', { a, b: a, out: a }, { size: 4 })).toThrow(/bound twice/);
    expect(() =>
      device.run('fill', { out: a }, { size: 4 } as { size: number; value: number }),
    ).toThrow(/parameter 'value' is undefined, expected a number/);
    device.free(a);
  });

  it('says where there is no WebGPU', async () => {
    const none = { requestAdapter: () => Promise.resolve(null) } as unknown as GPU;
    await expect(webgpu({ gpu: none })).rejects.toThrow(
      /no WebGPU adapter: .*ask for best\(\), .*or for the slower cpu\(\) device/s,
    );
  });
});

describe('devices on one GPUDevice', () => {
  it('have memory of their own, and compile each kernel once', async () => {
    const first = await webgpu();
    const second = await webgpu({ device: rawOf(first), sequence: { chunk: 3 }, poison: true });
    expect([first.limits.maxSteps, second.limits.maxSteps]).toEqual([256, 3]);
    expect(Number.isNaN((await second.read(second.alloc(4, 'float32')))[3])).toBe(true);
    const out = first.alloc(4, 'float32');
    first.run('fill', { out }, { size: 4, value: 1 });
    expect(Array.from(await first.read(out))).toEqual([1, 1, 1, 1]);
    expect([first.stats().pipelines, second.stats().pipelines]).toEqual([1, 1]);
    expect([first.stats().storages, second.stats().storages]).toEqual([1, 1]);
    first.destroy();
  });

  it('fail together', async () => {
    const first = await webgpu();
    const second = await webgpu({ device: rawOf(first) });
    first.destroy();
    await rawOf(first).lost;
    for (const device of [first, second])
      await expect(async () => device.read(device.alloc(4, 'float32'))).rejects.toThrow(
        /the GPU device was lost/,
      );
  });
});

describe('a recording', () => {
  it('does not let a write overtake what was recorded before it', async () => {
    const device = await gpu();
    const [a, b] = [device.alloc(4, 'float32'), device.alloc(4, 'float32')];
    device.run('fill', { out: a }, { size: 4, value: 1 });
    const sum = device.alloc(4, 'float32');
    device.run('fill', { out: b }, { size: 4, value: 2 });
    device.run('accumulate', { a, b, out: sum }, { size: 4 });
    device.write(a, [9, 9, 9, 9]);
    expect(Array.from(await device.read(sum))).toEqual([3, 3, 3, 3]);
    expect(Array.from(await device.read(a))).toEqual([9, 9, 9, 9]);
    for (const storage of [a, b, sum]) device.free(storage);
  });

  it('holds more dispatches than a page of parameters', async () => {
    const device = await gpu();
    let [x, y] = [device.alloc(1, 'float32'), device.alloc(1, 'float32')];
    const one = device.alloc(1, 'float32');
    device.run('fill', { out: x }, { size: 1, value: 0 });
    device.run('fill', { out: one }, { size: 1, value: 1 });
    for (let i = 0; i < 2500; i++) {
      device.run('accumulate', { a: x, b: one, out: y }, { size: 1 });
      [x, y] = [y, x];
    }
    expect((await device.read(x))[0]).toBe(2500);
    for (const storage of [x, y, one]) device.free(storage);
  });

  it('counts what WebGPU is really asked for', async () => {
    const { device, counted, stated, end } = await countedDevice();
    try {
      scope(() => {
        const x = tensor(new Float32Array(60).fill(0.5), [2, 5, 6], 'float32', device);
        const kernel = new Variable(
          device,
          fill(device, [6, 16], 0.1).storage,
          [6, 16],
          'kernel',
          true,
        );
        const direction = {
          kernel,
          recurrentKernel: fill(device, [4, 16], 0.1),
          bias: null,
          initialState: null,
          reverse: false,
        };
        const { output } = recurrent(x, [direction], { cell: 'lstm' });
        backward(output, [fill(device, output.shape, 1)]);
      });
      device.submit();
      expect(counted()).toEqual(stated());
      expect(counted().dispatches).toBeGreaterThan(5);
      expect(counted().submits).toBe(1);
    } finally {
      end();
    }
  });
});
