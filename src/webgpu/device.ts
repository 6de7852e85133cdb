/** The WebGPU device: carries out plans and kernels, and moves data in and out. What each part of it does is in a file of its own. */
import { MAX_STEPS } from '../backend.ts';
import type {
  Bindings,
  Device,
  DeviceLimits,
  DeviceStats,
  DType,
  KernelName,
  NumericArray,
  Params,
  ReadOptions,
  SequenceOptions,
  Storage,
  Variant,
} from '../backend.ts';
import { findAdapter, isLlvmpipe, isSoftware } from './adapter.ts';
import type { FoundAdapter } from './adapter.ts';
import { Failures } from './failures.ts';
import { decodeFloat16, encodeFloat16 } from '../float16.ts';
import type { Layout } from './link.ts';
import { bufferOf, elementBytes, Memory, wordBytes } from './memory.ts';
import type { GpuStorage } from './memory.ts';
import type { Bound, Choice, ObservableDevice, Observer, Queue } from './observer.ts';
import { Pipelines } from './pipelines.ts';
import type { PlanDevice } from './plan.ts';
import { planOf } from './plans.ts';
import type { WebGPUOptions } from './public_types.ts';
import { Readback } from './readback.ts';
import { Recorder } from './recorder.ts';

/** Workgroups that keep the cores of a CPU busy: starting a thread costs it more than computing an element. */
const SOFTWARE_GROUPS = 64;
/**
 * Mesa's llvmpipe leaves all loops of an invocation after 65 535 iterations of them together and reports nothing
 * (LP_MAX_TGSI_LOOP_ITERATIONS), so results are wrong. Leaving a loop counts as well, hence the margin.
 */
const LLVMPIPE_ITERATIONS = 65000;

/** What several devices on one `GPUDevice` have in common: it compiles for all of them, and is lost for all of them. */
const shared = new WeakMap<GPUDevice, { failures: Failures; pipelines: Pipelines }>();

function sharedParts(gpu: GPUDevice): { failures: Failures; pipelines: Pipelines } {
  let parts = shared.get(gpu);
  if (!parts) {
    const failures = new Failures(gpu);
    parts = { failures, pipelines: new Pipelines(gpu, (check) => failures.watch(check)) };
    shared.set(gpu, parts);
  }
  return parts;
}

export class WebGPUDevice implements ObservableDevice, PlanDevice {
  readonly kind = 'webgpu';
  readonly description: string;
  readonly limits: DeviceLimits;
  readonly choices: Record<string, string> = {};
  readonly adopted: Record<string, string> = {};
  readonly gpu: GPUDevice;
  readonly gpuLimits: GPUSupportedLimits;
  readonly isSoftware: boolean;
  readonly isLlvmpipe: boolean;
  readonly sequence: Readonly<SequenceOptions>;
  observer: Observer | null = null;
  private readonly poison: boolean;
  private readonly failures: Failures;
  private readonly pipelines: Pipelines;
  private readonly memory: Memory;
  private readonly recorder: Recorder;
  private readonly readback: Readback;
  /** What the dispatches that are being recorded follow from. */
  private choice: Choice | null = null;
  private readonly counts = { dispatches: 0, submits: 0, copies: 0, storages: 0, bytes: 0 };

  constructor(gpu: GPUDevice, description: string, options: WebGPUOptions) {
    const { limits, poison = false } = options;
    const sequence = options.sequence ?? {};
    this.gpu = gpu;
    this.description = description;
    this.gpuLimits = gpu.limits;
    this.isLlvmpipe = isLlvmpipe(description);
    this.isSoftware = isSoftware(description);
    this.sequence = sequence;
    this.poison = poison;
    this.limits = {
      maxBindingBytes: gpu.limits.maxStorageBufferBindingSize,
      maxBufferBytes: gpu.limits.maxBufferSize,
      maxLoopIterations: this.isLlvmpipe ? LLVMPIPE_ITERATIONS : Infinity,
      maxSteps: sequence.chunk ?? MAX_STEPS,
      // The kernels for few rows, which a software adapter prefers, take four units at a time.
      unitMultiple: (sequence.variant ?? (this.isSoftware ? 'rows' : 'fold')) === 'rows' ? 4 : 1,
      ...limits,
    };
    const { failures, pipelines } = sharedParts(gpu);
    this.failures = failures;
    this.pipelines = pipelines;
    this.memory = new Memory(gpu, failures);
    this.recorder = new Recorder(gpu, this.limits, this.memory, failures);
    this.readback = new Readback(gpu);
  }

  alloc(length: number, dtype: DType): Storage {
    this.failures.throwIfAny();
    if (dtype === 'float16' && !this.gpu.features.has('shader-f16'))
      throw new Error(
        `this device (${this.description}) lacks the WebGPU feature 'shader-f16', so it has no float16: keep float32, use another ` +
          'adapter or browser, or make a device that you pass to webgpu({ device }) with that feature',
      );
    const storage = this.memory.take(length, dtype, this.limits.maxBufferBytes);
    this.counts.storages++;
    this.counts.bytes += storage.bytes;
    if (this.poison && length > 0 && dtype !== 'float16') {
      this.dispatch('fill', { out: storage }, { size: length, value: NaN });
      this.counts.dispatches--;
    }
    return storage;
  }

  free(storage: Storage): void {
    const own = storage as GpuStorage;
    if (!own.buffer) return;
    this.counts.storages--;
    this.counts.bytes -= own.bytes;
    this.memory.give(own);
  }

  write(storage: Storage, data: ArrayLike<number>, offset = 0): void {
    this.failures.throwIfAny();
    const buffer = bufferOf(storage, 'write');
    if (offset + data.length > storage.length)
      throw new Error(
        `write: ${data.length} values from ${offset} on do not fit ${storage.length} elements`,
      );
    if (data.length === 0) return;
    if (this.recorder.uses(buffer)) this.submit();
    let source: Int32Array | Float32Array | Uint16Array;
    if (storage.dtype === 'float16') {
      if (offset % 2 || (data.length % 2 && offset + data.length < storage.length))
        throw new Error(
          `write: expected pairs of float16, got ${data.length} values from ${offset} on; write all of them`,
        );
      source = encodeFloat16(data);
    } else {
      const Type = storage.dtype === 'int32' ? Int32Array : Float32Array;
      source = data instanceof Type ? data : Type.from(data);
    }
    // The queue copies the data at once, so that uploads for the next step and the commands of this one do not wait for each other.
    this.queue.writeBuffer(
      buffer,
      offset * elementBytes(storage.dtype),
      source.buffer,
      source.byteOffset,
      source.byteLength,
    );
  }

  async read(storage: Storage, { poll = false }: ReadOptions = {}): Promise<NumericArray> {
    this.failures.throwIfAny();
    const source = bufferOf(storage, 'read');
    const { length, dtype } = storage;
    const bytes = wordBytes(storage);
    const target = this.readback.record(this.commands(), storage as GpuStorage, source);
    this.submit();
    // Taken here, so that this read does not wait for the step after it.
    const checks = this.failures.checks();
    // Mapped at once where nobody observes: a step of a stream is short.
    if (this.observer?.handedOver) await this.observer.handedOver();
    let copy: ArrayBuffer;
    try {
      copy = await this.readback.take(target, bytes, poll);
    } catch (error) {
      throw await this.failures.whyUnreadable(error);
    }
    await checks;
    this.failures.throwIfAny();
    if (dtype === 'float16') return decodeFloat16(new Uint16Array(copy, 0, length));
    return dtype === 'int32' ? new Int32Array(copy) : new Float32Array(copy);
  }

  copy(from: Storage, fromOffset: number, to: Storage, toOffset: number, length: number): void {
    this.failures.throwIfAny();
    if (length === 0) return;
    const [source, target] = [bufferOf(from, 'copy'), bufferOf(to, 'copy')];
    if (fromOffset + length > from.length || toOffset + length > to.length)
      throw new Error(
        `copy: ${length} elements from ${fromOffset} of ${from.length} to ${toOffset} of ${to.length} do not fit`,
      );
    const size = elementBytes(from.dtype);
    if (size !== elementBytes(to.dtype))
      throw new Error(`copy: expected one type of elements, got ${from.dtype} to ${to.dtype}`);
    this.counts.copies++;
    const [fromByte, toByte, bytes] = [fromOffset, toOffset, length].map((count) => count * size);
    if (fromByte % 4 || toByte % 4 || bytes % 4) {
      const params = { offset: fromOffset, outOffset: toOffset, count: length };
      this.dispatch('copy_float16', { x: from, out: to }, params);
      return;
    }
    const commands = this.recorder.commands(source, target);
    commands.copyBufferToBuffer(source, fromByte, target, toByte, bytes);
  }

  zero(storage: Storage): void {
    this.failures.throwIfAny();
    const buffer = bufferOf(storage, 'zero');
    this.recorder.commands(buffer).clearBuffer(buffer, 0, wordBytes(storage));
  }

  run<K extends KernelName>(
    kernel: K,
    bindings: Bindings<K>,
    params: Params<K>,
    variant: Variant<K> = {},
  ): void {
    this.failures.throwIfAny();
    planOf(kernel)(this, bindings, params, variant);
    this.choice = null;
  }

  choose<V extends { readonly name: string }>(key: string, all: readonly V[], free = true): V {
    const variants = free ? all : all.slice(0, 1);
    const names = variants.map(({ name }) => name);
    const wanted =
      this.observer?.choose?.(key, names) ?? (free ? this.choices[key] : undefined) ?? names[0];
    const isOfRule = wanted === this.adopted[key] && !names.includes(wanted);
    const found = isOfRule ? variants[0] : variants.find(({ name }) => name === wanted);
    if (!found)
      throw new Error(
        `device.choices['${key}']: expected one of '${names.join("', '")}', got '${wanted}'; correct or delete it`,
      );
    if (this.observer) this.choice = { key, name: found.name };
    return found;
  }

  dispatch(
    kernel: KernelName,
    bindings: Readonly<Record<string, Storage | null>>,
    params: Readonly<Record<string, number>>,
    variant: Variant = {},
  ): void {
    const float16: string[] = [];
    for (const name in bindings) if (bindings[name]?.dtype === 'float16') float16.push(name);
    const pipeline = this.pipelines.get(kernel, variant, float16);
    const { layout } = pipeline;
    // Where iterations are limited, every element has a thread of its own, and no loop over elements uses any.
    const isLimited = this.limits.maxLoopIterations < Infinity;
    const MAX_WORKGROUPS = this.isSoftware && !isLimited ? SOFTWARE_GROUPS : 65535;
    const facts = { MAX_WORKGROUPS, ...layout.constants, ...params };
    const grid = layout.grid(facts);
    if (isLimited) this.checkIterations(kernel, layout.iterations?.(facts));
    if (grid.includes(0)) return;
    const encode = this.recorder.prepare(pipeline, bindings, params, grid);
    this.counts.dispatches++;
    if (this.observer?.dispatch) {
      const bound = boundTo(layout, bindings);
      this.observer.dispatch({ kernel, params, variant, bound, choice: this.choice, encode });
    } else encode(this.recorder.pass(), 1);
  }

  private checkIterations(kernel: KernelName, iterations = 0): void {
    const most = this.limits.maxLoopIterations;
    if (iterations > most)
      throw new Error(
        `${kernel}: a thread would need ${iterations} loop iterations, and this driver (${this.description}) ends loops after ${most}, with ` +
          'wrong results. Take fewer elements at a time, such as a smaller batch, or use another driver',
      );
  }

  submit(): void {
    this.failures.throwIfAny();
    if (!this.recorder.submit(this.queue)) return;
    this.counts.submits++;
    this.memory.pool.next();
  }

  trim(): void {
    this.memory.pool.release(undefined, (buffer) => this.recorder.uses(buffer));
    this.readback.pool.release();
  }

  commands(): GPUCommandEncoder {
    return this.recorder.commands();
  }

  stats(): DeviceStats {
    return { ...this.counts, pipelines: this.pipelines.size, pooledBytes: this.memory.pool.bytes };
  }

  destroy(): void {
    this.gpu.destroy();
  }

  private get queue(): Queue {
    return this.observer?.queue ?? this.gpu.queue;
  }
}

function boundTo(layout: Layout, bindings: Readonly<Record<string, Storage | null>>): Bound[] {
  return layout.bindings.flatMap(({ name, access }): Bound[] => {
    const { buffer, bytes } = (bindings[name] ?? {}) as Partial<GpuStorage>;
    return buffer && bytes ? [{ name, buffer, bytes, written: access === 'write' }] : [];
  });
}

/** What webgpu() in load.ts does. */
export async function openDevice(options: WebGPUOptions, adapter?: FoundAdapter): Promise<Device> {
  const found = adapter ?? (await findAdapter(options));
  return new WebGPUDevice(await found.open(), found.description, options);
}
