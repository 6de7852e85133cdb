/** Bind groups, made once for each set of buffers: a training step makes none after its first. */
import type { DeviceLimits, Storage } from '../backend.ts';
import type { Failures } from './failures.ts';
import { bindingBytes, bufferOf, elementBytes, idOf } from './memory.ts';
import type { GpuStorage, Memory } from './memory.ts';
import { uniformBytes } from './pipelines.ts';
import type { Pipeline } from './pipelines.ts';
import type { Page } from './uniforms.ts';

/** So many are kept; then all are forgotten. */
const KEPT = 8192;

/** A bind group, and the buffers that it binds. */
interface BoundGroup {
  readonly group: GPUBindGroup;
  readonly buffers: readonly GPUBuffer[];
}

export class BindGroups {
  private readonly gpu: GPUDevice;
  private readonly limits: DeviceLimits;
  private readonly memory: Memory;
  private readonly failures: Failures;
  /** The most that WebGPU lets a binding show, in whole vec4s. */
  private readonly maxBytes: number;
  private readonly kept = new Map<string, BoundGroup>();
  /** Buffers for bindings that are null, one for each index: no buffer may be bound for writing twice. */
  private readonly absent: GpuStorage[] = [];

  constructor(gpu: GPUDevice, limits: DeviceLimits, memory: Memory, failures: Failures) {
    this.gpu = gpu;
    this.limits = limits;
    this.memory = memory;
    this.failures = failures;
    this.maxBytes = Math.floor(gpu.limits.maxStorageBufferBindingSize / 16) * 16;
  }

  get(
    pipeline: Pipeline,
    bindings: Readonly<Record<string, Storage | null>>,
    page: Page,
  ): BoundGroup {
    const { kernel, layout } = pipeline;
    const buffers: GPUBuffer[] = [];
    let key = `${pipeline.id}/${page.id}`;
    for (const { name } of layout.bindings) {
      const buffer = this.bufferFor(kernel, name, bindings[name], buffers.length + 1);
      buffers.push(buffer);
      key += `,${idOf(buffer)}`;
    }
    let found = this.kept.get(key);
    if (!found) {
      if (this.kept.size >= KEPT) this.kept.clear();
      found = { group: this.make(pipeline, buffers, page), buffers };
      this.kept.set(key, found);
    }
    return found;
  }

  private make(
    { kernel, layout, bindGroupLayout }: Pipeline,
    buffers: readonly GPUBuffer[],
    page: Page,
  ): GPUBindGroup {
    layout.bindings.forEach(({ name, access }, i) => {
      const first = buffers.indexOf(buffers[i]);
      if (first < i && [layout.bindings[first].access, access].includes('write'))
        throw new Error(`kernel '${kernel}': '${name}' is bound twice, once for writing`);
    });
    // Whole buffers, however small the tensors: so batches of many lengths share bind groups.
    const entries = buffers.map((buffer, i) => ({
      binding: i + 1,
      resource: { buffer, size: Math.min(buffer.size, this.maxBytes) },
    }));
    const uniform = { buffer: page.buffer, size: uniformBytes(layout) };
    const descriptor = {
      label: kernel,
      layout: bindGroupLayout,
      entries: [{ binding: 0, resource: uniform }, ...entries],
    };
    return this.failures.guard(
      'validation',
      () => this.gpu.createBindGroup(descriptor),
      (message) => `kernel '${kernel}' cannot be bound: ${message}`,
    );
  }

  private bufferFor(
    kernel: string,
    name: string,
    given: Storage | null | undefined,
    binding: number,
  ): GPUBuffer {
    if (given === undefined) throw new Error(`kernel '${kernel}': binding '${name}' is missing`);
    const storage = (given as GpuStorage | null) ?? this.standIn(binding);
    const buffer = bufferOf(storage, `kernel '${kernel}', binding '${name}'`);
    const { maxBindingBytes } = this.limits;
    if (storage.bytes > maxBindingBytes)
      throw new Error(
        `kernel '${kernel}': binding '${name}' has ${storage.bytes} bytes; this device's maxStorageBufferBindingSize is ` +
          `${maxBindingBytes} bytes (${Math.floor(maxBindingBytes / elementBytes(storage.dtype))} elements): use a smaller ` +
          'batch, fewer time steps or fewer units',
      );
    return buffer;
  }

  private standIn(binding: number): GpuStorage {
    return (this.absent[binding] ??= this.memory.take(4, 'float32', bindingBytes(4, 'float32')));
  }
}
