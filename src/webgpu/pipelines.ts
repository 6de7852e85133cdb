/** Compiled kernels, by name and variant. Bind-group layouts are explicit, made from the bindings of the linked WGSL. */
import { DeviceError } from '../backend.ts';
import type { Variant } from '../backend.ts';
import { link, numbered } from './link.ts';
import type { Layout } from './link.ts';

export interface Pipeline {
  readonly id: number;
  readonly kernel: string;
  readonly layout: Layout;
  readonly pipeline: GPUComputePipeline;
  readonly bindGroupLayout: GPUBindGroupLayout;
}

/** The size that a uniform binding is given: a struct's size rounded up to 16 bytes. */
export const uniformBytes = ({ parameters }: Layout): number =>
  Math.floor(parameters.at(-1)!.offset / 16) * 16 + 16;

export class Pipelines {
  private readonly device: GPUDevice;
  private readonly guard: (check: Promise<DeviceError | null>) => void;
  private readonly cache = new Map<string, Pipeline>();

  /** @param guard takes a promise of what went wrong, which the device waits for before it hands out results */
  constructor(device: GPUDevice, guard: (check: Promise<DeviceError | null>) => void) {
    this.device = device;
    this.guard = guard;
  }

  get size(): number {
    return this.cache.size;
  }

  /** @param float16 names of the bindings that are bound to float16 storages */
  get(kernel: string, variant: Variant = {}, float16: readonly string[] = []): Pipeline {
    // Joined by hand, since every dispatch asks for its pipeline.
    let key = `${kernel}/${float16}`;
    for (const part of [variant.slots, variant.constants] as const) {
      key += '/';
      for (const name in part) key += `${name},${(part as Record<string, string | number>)[name]},`;
    }
    let found = this.cache.get(key);
    if (!found) {
      const { code, layout } = link(kernel, variant, float16);
      found = this.compile(kernel, layout, code);
      this.cache.set(key, found);
    }
    return found;
  }

  private compile(kernel: string, layout: Layout, code: string): Pipeline {
    const { device } = this;
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ label: kernel, code });
    const bindGroupLayout = device.createBindGroupLayout({
      label: kernel,
      entries: [
        {
          binding: 0,
          visibility: GPUShaderStage.COMPUTE,
          buffer: {
            type: 'uniform',
            hasDynamicOffset: true,
            minBindingSize: uniformBytes(layout),
          },
        },
        ...layout.bindings.map(({ access }, i): GPUBindGroupLayoutEntry => ({
          binding: i + 1,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: access === 'write' ? 'storage' : 'read-only-storage' },
        })),
      ],
    });
    const pipeline = device.createComputePipeline({
      label: kernel,
      layout: device.createPipelineLayout({ bindGroupLayouts: [bindGroupLayout] }),
      compute: { module, entryPoint: 'main' },
    });
    this.guard(
      device.popErrorScope().then(async (error) => {
        if (!error) return null;
        return new DeviceError(await describe(kernel, code, module, error.message));
      }),
    );
    return { id: this.cache.size, kernel, layout, pipeline, bindGroupLayout };
  }
}

/** What a compiler said of a kernel: each message with its line, then the numbered source. */
async function describe(
  kernel: string,
  code: string,
  module: GPUShaderModule,
  fallback: string,
): Promise<string> {
  // Deno and older browsers may have no compilation info; the validation message then has to do.
  const messages = (await module.getCompilationInfo?.())?.messages ?? [];
  const errors = messages.filter((message) => message.type === 'error');
  const lines = errors.map(
    (error) => `  line ${error.lineNum}, column ${error.linePos}: ${error.message}`,
  );
  const marked = new Set(errors.map((error) => error.lineNum));
  return `kernel '${kernel}' does not compile:\n${lines.length ? lines.join('\n') : fallback}\n${numbered(code, marked)}`;
}
