/** The WebGPU device: records dispatches into one compute pass and hands them over in one submit. */
import { DeviceError } from '../backend.ts';
import type {
  Bindings,
  Device,
  DeviceLimits,
  DeviceStats,
  DType,
  KernelName,
  NumericArray,
  Params,
  Profile,
  ProfileOptions,
  SequenceOptions,
  Storage,
  TuneOptions,
  Tuning,
  Variant,
} from '../backend.ts';
import type { Tuner } from './autotune.ts';
import { findGpu, requestDevice } from './adapter.ts';
import { decodeFloat16, encodeFloat16 } from './float16.ts';
import type { GpuStorage } from './memory.ts';
import { bindingBytes, elementBytes, idOf, Memory, wordBytes } from './memory.ts';
import { Pipelines, uniformBytes } from './pipelines.ts';
import type { Pipeline } from './pipelines.ts';
import { PLANS } from './plans.ts';
import type { Queue } from './profile_clock.ts';
import type { Bound, Chosen, Profiler } from './profile_recorder.ts';
import { Uniforms } from './uniforms.ts';

export interface WebGPUOptions {
  /** The entry point, where it is not `navigator.gpu` (in Node: what `create()` of the npm package `webgpu` gives). */
  gpu?: GPU;
  /** A device that the page made already; the library then makes none. */
  device?: GPUDevice;
  powerPreference?: GPUPowerPreference;
  /** Lower limits than the adapter's, to see how a smaller device fares. */
  limits?: Partial<DeviceLimits>;
}

/** A question takes about 0.1 ms: so many, and the wait of 2 ms that they are to save is over. */
const QUESTIONS = 16;
const LONGEST_SILENCE = 127;
/** Bind groups kept for reuse; a training step makes none after the first. */
const BIND_GROUPS = 8192;
/** Workgroups that keep the cores of a CPU busy: what a thread does before its first element takes it longer than an element does. */
const SOFTWARE_GROUPS = 64;
/** How adapters name themselves behind which there is a CPU: SwiftShader, Mesa's llvmpipe, Windows' WARP. */
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;
/**
 * Mesa's llvmpipe leaves all loops of an invocation after 65 535 turns of them together, without a word (LP_MAX_TGSI_LOOP_ITERATIONS):
 * what was to follow is missing in the results. To leave a loop counts as a turn too, for which there is room here.
 */
const LLVMPIPE_TURNS = 65000;
const LLVMPIPE = /llvmpipe|lavapipe|mesa software/i;

class WebGPUDevice implements Device {
  readonly kind = 'webgpu';
  readonly description: string;
  readonly limits: DeviceLimits;
  readonly sequence: SequenceOptions = {};
  poison = false;
  /** Limits that plans choose by. */
  readonly gpuLimits: GPUSupportedLimits;
  /** Where commands and data go. A profile puts its own in the place of the device's. */
  queue: Queue;
  profiler: Profiler | null = null;
  /** Whether a CPU computes: a rule that plans choose by, as are the limits. */
  readonly isSoftware: boolean;
  /** Whether that is Mesa's llvmpipe. */
  readonly isLlvmpipe: boolean;
  readonly choices: Record<string, string> = {};
  /** While variants are measured: which of them runs. */
  tuner: Tuner | null = null;
  /** For a profile: what the dispatches that are recorded come from. */
  private chosen: Chosen | null = null;
  private readonly device: GPUDevice;
  /** The most that a binding shows, in whole vec4s. */
  private readonly bindable: number;
  private readonly memory: Memory;
  private readonly pipelines: Pipelines;
  private readonly uniforms: Uniforms;
  private readonly bindGroups = new Map<string, GPUBindGroup>();
  /** Stand-ins for absent bindings, one an index: no buffer may be bound for writing twice. */
  private readonly absent: GpuStorage[] = [];
  private encoder: GPUCommandEncoder | null = null;
  private pass: GPUComputePassEncoder | null = null;
  /** Buffers that recorded, not yet submitted commands use: a write would overtake them. */
  private readonly touched = new Set<GPUBuffer>();
  /** Answers that are awaited soon; questions left to the next one; reads that ask nothing, left and from the next failure on. */
  private awaited = 0;
  private questions = 0;
  private silent = 0;
  private silence = 0;
  private asking = false;
  private failure: DeviceError | null = null;
  /** Answers about what was done so far, in its order: the first thing that went wrong is what is reported. */
  private checks: Promise<void> = Promise.resolve();
  private readonly counts = { dispatches: 0, submits: 0, copies: 0, storages: 0, bytes: 0 };

  constructor(device: GPUDevice, description: string, limits: Partial<DeviceLimits>) {
    this.device = device;
    this.queue = device.queue;
    this.description = description;
    this.gpuLimits = device.limits;
    this.isLlvmpipe = LLVMPIPE.test(description);
    this.isSoftware = this.isLlvmpipe || SOFTWARE.test(description);
    this.limits = {
      maxBindingBytes: device.limits.maxStorageBufferBindingSize,
      maxBufferBytes: device.limits.maxBufferSize,
      maxLoopTurns: this.isLlvmpipe ? LLVMPIPE_TURNS : Infinity,
      ...limits,
    };
    this.bindable = Math.floor(device.limits.maxStorageBufferBindingSize / 16) * 16;
    const guard = (check: Promise<DeviceError | null>) => this.watch(check);
    this.memory = new Memory(device, guard);
    this.pipelines = new Pipelines(device, guard);
    this.uniforms = new Uniforms(device);
    void device.lost.then((info) => {
      this.failure ??= new DeviceError(
        `the GPU device was lost (${info.reason ?? 'unknown'}): ${info.message || 'no reason given'}. Make a new one with ` +
          'webgpu(), and load the last checkpoint',
      );
    });
    device.addEventListener?.('uncapturederror', (event) => {
      this.failure ??= new DeviceError(`WebGPU reported an error: ${event.error.message}`);
    });
  }

  alloc(length: number, dtype: DType): Storage {
    this.throwFailure();
    if (dtype === 'float16' && !this.device.features.has('shader-f16'))
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
    this.throwFailure();
    const buffer = bufferOf(storage, 'write');
    if (offset + data.length > storage.length)
      throw new Error(
        `write: ${data.length} values from ${offset} on do not fit ${storage.length} elements`,
      );
    if (data.length === 0) return;
    if (this.touched.has(buffer)) this.submit();
    const size = elementBytes(storage.dtype);
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
    // It is copied at once, into memory of the queue: what goes up for the next step waits for nothing, and nothing for it.
    this.queue.writeBuffer(
      buffer,
      offset * size,
      source.buffer,
      source.byteOffset,
      source.byteLength,
    );
  }

  async read(storage: Storage, soon = false): Promise<NumericArray> {
    this.throwFailure();
    const buffer = bufferOf(storage, 'read');
    const { length, dtype } = storage;
    const bytes = wordBytes(storage);
    const staging = this.memory.takeStaging(bindingBytes(length, dtype));
    this.leavePass().copyBufferToBuffer(buffer, 0, staging, 0, bytes);
    this.submit();
    // What is done after this is not waited for: the next step may be on its way.
    const checks = this.checks;
    if (this.profiler) await this.profiler.clock.handedOver();
    let copy: ArrayBuffer;
    try {
      const mapped = staging.mapAsync(GPUMapMode.READ, 0, bytes);
      if (soon) void this.askFor(mapped);
      await mapped;
      copy = staging.getMappedRange(0, bytes).slice(0);
      staging.unmap();
    } catch (error) {
      // A lost device rejects the mapping (Deno: what is mapped as well), perhaps before it says that it is lost.
      await Promise.race([this.device.lost, new Promise((done) => setTimeout(done, 100))]);
      this.throwFailure();
      throw new DeviceError(`reading from the GPU failed: ${String(error)}`);
    }
    this.memory.giveStaging(staging);
    await checks;
    this.throwFailure();
    if (dtype === 'float16') return decodeFloat16(new Uint16Array(copy, 0, length));
    return dtype === 'int32' ? new Int32Array(copy) : new Float32Array(copy);
  }

  /**
   * Speaks to the GPU until it has answered: Chromium passes answers on when it is spoken to, or every 2 ms. With three answers on
   * their way there are new commands often enough. Where answers take longer, questions only delay them: then ever fewer reads ask.
   */
  private async askFor(answer: Promise<unknown>): Promise<void> {
    const answered = (): void => {
      this.awaited--;
      this.questions = QUESTIONS;
    };
    this.awaited++;
    answer.then(answered, answered);
    if (this.asking || this.silent-- > 0) return;
    this.asking = true;
    this.questions = QUESTIONS;
    for (; this.awaited > 0 && this.awaited < 3 && this.questions > 0; this.questions--) {
      this.device.pushErrorScope('validation');
      await this.device.popErrorScope().catch(() => null);
    }
    this.asking = false;
    this.silence = this.questions > 0 ? 0 : Math.min(2 * this.silence + 1, LONGEST_SILENCE);
    this.silent = this.silence;
  }

  copy(from: Storage, fromOffset: number, to: Storage, toOffset: number, length: number): void {
    this.throwFailure();
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
    if ([fromOffset, toOffset, length].some((count) => (count * size) % 4 > 0)) {
      const params = { offset: fromOffset, outOffset: toOffset, count: length };
      this.dispatch('copy_float16_step', { x: from, out: to }, params);
      return;
    }
    this.leavePass().copyBufferToBuffer(
      source,
      fromOffset * size,
      target,
      toOffset * size,
      length * size,
    );
    this.touched.add(source).add(target);
  }

  zero(storage: Storage): void {
    this.throwFailure();
    const buffer = bufferOf(storage, 'zero');
    this.leavePass().clearBuffer(buffer, 0, wordBytes(storage));
    this.touched.add(buffer);
  }

  run<K extends KernelName>(
    kernel: K,
    bindings: Bindings<K>,
    params: Params<K>,
    variant: Variant<K> = {},
  ): void {
    this.throwFailure();
    const plan = PLANS[kernel];
    if (plan) plan(this, bindings, params, variant);
    else this.dispatch(kernel, bindings, params, variant);
    this.chosen = null;
  }

  /**
   * Which of several variants runs: the one that was measured or pinned under this key, else the rule's, which is the first; that in
   * any case where the choice is not `free`.
   */
  choose<V extends { readonly name: string }>(key: string, all: readonly V[], free = true): V {
    const variants = free ? all : all.slice(0, 1);
    const wanted = (free ? this.choices[key] : undefined) ?? variants[0].name;
    const found = this.tuner?.choose(key, variants) ?? variants.find(({ name }) => name === wanted);
    if (!found) {
      const names = variants.map(({ name }) => `'${name}'`).join(', ');
      throw new Error(
        `device.choices['${key}']: expected one of ${names}, got '${wanted}'; correct or delete it`,
      );
    }
    if (this.profiler) this.chosen = { key, name: found.name };
    return found;
  }

  /** One dispatch of one kernel; what `run` does where no plan stands between. */
  dispatch(
    kernel: KernelName,
    bindings: Readonly<Record<string, Storage | null>>,
    params: Readonly<Record<string, number>>,
    variant: Variant = {},
  ): void {
    const float16 = Object.keys(bindings).filter((name) => bindings[name]?.dtype === 'float16');
    const pipeline = this.pipelines.get(kernel, variant, float16);
    const { layout } = pipeline;
    // Where turns are counted, no loop over a grid takes any.
    const counted = this.limits.maxLoopTurns < Infinity;
    const MOST = this.isSoftware && !counted ? SOFTWARE_GROUPS : 65535;
    const facts = { MOST, ...layout.constants, ...params };
    const grid = layout.grid(facts);
    if (counted) this.checkTurns(kernel, layout.turns?.(facts));
    if (grid.some((groups) => groups === 0)) return;
    const { page, offset } = this.uniforms.push(kernel, layout, params);
    const group = this.bindGroup(pipeline, bindings, page);
    this.counts.dispatches++;
    const encode = (pass: GPUComputePassEncoder, times = 1): void => {
      pass.setPipeline(pipeline.pipeline);
      pass.setBindGroup(0, group, [offset]);
      for (let i = 0; i < times; i++) pass.dispatchWorkgroups(grid[0], grid[1] ?? 1, grid[2] ?? 1);
    };
    if (this.profiler) {
      const bound = layout.bindings.flatMap(({ name, access }): Bound[] => {
        const { buffer, bytes } = (bindings[name] ?? {}) as Partial<GpuStorage>;
        return buffer && bytes ? [{ name, buffer, bytes, written: access === 'write' }] : [];
      });
      this.profiler.dispatch(kernel, params, variant, bound, encode, this.chosen);
      return;
    }
    this.encoder ??= this.device.createCommandEncoder();
    encode((this.pass ??= this.encoder.beginComputePass()));
  }

  private checkTurns(kernel: KernelName, turns = 0): void {
    const most = this.limits.maxLoopTurns;
    if (turns > most)
      throw new Error(
        `${kernel}: a thread would take ${turns} turns of loops, and after ${most} this driver (${this.description}) leaves them, with ` +
          'wrong results. Take fewer elements at a time, such as a smaller batch, or use another driver',
      );
  }

  submit(): void {
    this.throwFailure();
    this.pass?.end();
    this.pass = null;
    if (!this.encoder) return;
    this.uniforms.flush(this.queue);
    this.device.pushErrorScope('validation');
    this.queue.submit([this.encoder.finish()]);
    this.watch(
      this.device
        .popErrorScope()
        .then((error) => error && new DeviceError(`WebGPU refused a command: ${error.message}`)),
    );
    this.encoder = null;
    this.touched.clear();
    this.counts.submits++;
  }

  stats(): DeviceStats {
    return { ...this.counts, pipelines: this.pipelines.size, pooledBytes: this.memory.pooledBytes };
  }

  async profile(fn: () => unknown, options: ProfileOptions = {}): Promise<Profile> {
    // Few programs ever ask.
    const { profile } = await import('./profile.ts');
    return profile(this, this.device, fn, options);
  }

  async autotune(fn: () => unknown, options: TuneOptions = {}): Promise<Tuning[]> {
    const { autotune } = await import('./autotune.ts');
    return autotune(this, this.device, fn, options);
  }

  destroy(): void {
    this.device.destroy();
  }

  private bindGroup(
    pipeline: Pipeline,
    bindings: Readonly<Record<string, Storage | null>>,
    page: { id: number; buffer: GPUBuffer },
  ): GPUBindGroup {
    const { kernel, layout } = pipeline;
    const written = new Set<GPUBuffer>();
    const seen = new Set<GPUBuffer>();
    let key = `${pipeline.id}/${page.id}`;
    const entries = layout.bindings.map(({ name, access }, i): GPUBindGroupEntry => {
      const binding = i + 1;
      const writes = access === 'write';
      const storage = bindings[name];
      if (storage === undefined)
        throw new Error(`kernel '${kernel}': binding '${name}' is missing`);
      const own = (storage as GpuStorage | null) ?? this.standIn(binding);
      const buffer = bufferOf(own, `kernel '${kernel}', binding '${name}'`);
      if (own.bytes > this.limits.maxBindingBytes)
        throw new Error(
          `kernel '${kernel}': binding '${name}' has ${own.bytes} bytes; this device's maxStorageBufferBindingSize is ` +
            `${this.limits.maxBindingBytes} bytes (${Math.floor(this.limits.maxBindingBytes / elementBytes(own.dtype))} elements): use a smaller ` +
            'batch, fewer time steps or fewer units',
        );
      if (written.has(buffer) || (writes && seen.has(buffer)))
        throw new Error(`kernel '${kernel}': '${name}' is bound twice, once for writing`);
      if (writes) written.add(buffer);
      seen.add(buffer);
      this.touched.add(buffer);
      key += `,${idOf(buffer)}`;
      // All of it, be the tensor smaller: batches of many lengths then share bind groups.
      const size = Math.min(buffer.size, this.bindable);
      return { binding, resource: { buffer, size } };
    });
    let group = this.bindGroups.get(key);
    if (!group) {
      if (this.bindGroups.size >= BIND_GROUPS) this.bindGroups.clear();
      this.device.pushErrorScope('validation');
      group = this.device.createBindGroup({
        label: kernel,
        layout: pipeline.bindGroupLayout,
        entries: [
          { binding: 0, resource: { buffer: page.buffer, size: uniformBytes(layout) } },
          ...entries,
        ],
      });
      this.watch(
        this.device
          .popErrorScope()
          .then(
            (error) =>
              error && new DeviceError(`kernel '${kernel}' cannot be bound: ${error.message}`),
          ),
      );
      this.bindGroups.set(key, group);
    }
    return group;
  }

  private standIn(binding: number): GpuStorage {
    return (this.absent[binding] ??= this.memory.take(4, 'float32', bindingBytes(4, 'float32')));
  }

  /** The recording, outside of a compute pass. */
  leavePass(): GPUCommandEncoder {
    this.pass?.end();
    this.pass = null;
    return (this.encoder ??= this.device.createCommandEncoder());
  }

  private watch(check: Promise<DeviceError | null>): void {
    // A device that is lost rejects; the lost promise says why.
    const answer = check.catch(() => null);
    this.checks = this.checks.then(async () => {
      const error = await answer;
      if (error) this.failure ??= error;
    });
  }

  private throwFailure(): void {
    if (this.failure) throw this.failure;
  }
}

function bufferOf(storage: Storage, what: string): GPUBuffer {
  const { buffer } = storage as GpuStorage;
  if (!buffer)
    throw new Error(`${what}: this tensor was freed (disposed of, or left behind by a scope)`);
  return buffer;
}

export type { WebGPUDevice };

/** What webgpu() in load.ts does. */
export async function openDevice(options: WebGPUOptions): Promise<Device> {
  const { device: given, limits = {} } = options;
  if (given) return new WebGPUDevice(given, describe(given.adapterInfo), limits);
  const gpu = options.gpu ?? (await findGpu());
  const { powerPreference } = options;
  const adapter = await gpu.requestAdapter(powerPreference ? { powerPreference } : {});
  if (!adapter)
    throw new DeviceError(
      'no WebGPU adapter: there is no GPU driver that WebGPU accepts. Update the driver, allow a software adapter ' +
        '(Chromium: --use-webgpu-adapter=swiftshader; Node: VK_ICD_FILENAMES), or ask for the slower cpu() device',
    );
  return new WebGPUDevice(await requestDevice(adapter), describe(adapter.info), limits);
}

/** Some runtimes tell nothing. */
function describe(info: Partial<GPUAdapterInfo> = {}): string {
  const { vendor = '', architecture = '', device = '', description = '' } = info;
  const parts = [vendor, architecture, device, description].filter((part) => part !== '');
  return parts.join(' ') || 'WebGPU';
}
