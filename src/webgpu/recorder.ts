/** What is recorded until the next submit: dispatches in one compute pass, copies between passes, parameters in uniform pages. */
import type { DeviceLimits, Storage } from '../backend.ts';
import { BindGroups } from './bind_groups.ts';
import type { Failures } from './failures.ts';
import type { Memory } from './memory.ts';
import type { Encode, Queue } from './observer.ts';
import type { Pipeline } from './pipelines.ts';
import { Uniforms } from './uniforms.ts';

export class Recorder {
  private readonly gpu: GPUDevice;
  private readonly failures: Failures;
  private readonly uniforms: Uniforms;
  private readonly bindGroups: BindGroups;
  private encoder: GPUCommandEncoder | null = null;
  private openPass: GPUComputePassEncoder | null = null;
  /** Buffers that commands use which are recorded and not yet submitted: writing to one at once would overtake them. */
  private readonly inUse = new Set<GPUBuffer>();

  constructor(gpu: GPUDevice, limits: DeviceLimits, memory: Memory, failures: Failures) {
    this.gpu = gpu;
    this.failures = failures;
    this.uniforms = new Uniforms(gpu);
    this.bindGroups = new BindGroups(gpu, limits, memory, failures);
  }

  /** Checks and prepares a dispatch. What it returns encodes it into a pass. */
  prepare(
    pipeline: Pipeline,
    bindings: Readonly<Record<string, Storage | null>>,
    params: Readonly<Record<string, number>>,
    grid: readonly number[],
  ): Encode {
    const { page, offset } = this.uniforms.push(pipeline.kernel, pipeline.layout, params);
    const { group, buffers } = this.bindGroups.get(pipeline, bindings, page);
    for (const buffer of buffers) this.inUse.add(buffer);
    const [x, y = 1, z = 1] = grid;
    return (pass, times) => {
      pass.setPipeline(pipeline.pipeline);
      pass.setBindGroup(0, group, [offset]);
      for (let i = 0; i < times; i++) pass.dispatchWorkgroups(x, y, z);
    };
  }

  /** The compute pass that is being recorded. */
  pass(): GPUComputePassEncoder {
    this.encoder ??= this.gpu.createCommandEncoder();
    return (this.openPass ??= this.encoder.beginComputePass());
  }

  /** The commands that are being recorded, outside of a compute pass; they use `buffers`. */
  commands(...buffers: GPUBuffer[]): GPUCommandEncoder {
    this.endPass();
    for (const buffer of buffers) this.inUse.add(buffer);
    return (this.encoder ??= this.gpu.createCommandEncoder());
  }

  uses(buffer: GPUBuffer): boolean {
    return this.inUse.has(buffer);
  }

  /** @returns whether there was anything to submit */
  submit(queue: Queue): boolean {
    this.endPass();
    const { encoder } = this;
    if (!encoder) return false;
    this.uniforms.flush(queue);
    this.failures.guard(
      'validation',
      () => queue.submit([encoder.finish()]),
      (message) => `WebGPU refused a command: ${message}`,
    );
    this.encoder = null;
    this.inUse.clear();
    return true;
  }

  private endPass(): void {
    this.openPass?.end();
    this.openPass = null;
  }
}
