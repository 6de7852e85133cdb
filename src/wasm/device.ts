/**
 * The WebAssembly device: storages stand in one linear memory, kernels that are compiled compute there, and what is not compiled is
 * computed by its twin on views of the same memory. Nothing is copied but by `write` and `read`.
 */
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
  SequenceOptions,
  StepPlan,
  Storage,
  Variant,
} from '../backend.ts';
import type { Twin } from '../cpu/twin.ts';
import { TWINS } from '../cpu/twins.generated.ts';
import { decodeFloat16, encodeFloat16 } from '../float16.ts';
import type { Stepper } from '../stepper/index.ts';
import { argumentsOf } from './arguments.ts';
import { Heap } from './heap.ts';
import { chooseBuild, compileBuild, instantiate } from './instance.ts';
import { checkThreads, Threads } from './threads.ts';
import type { Build, NativeKernel } from './instance.ts';
import { NATIVES } from './natives.generated.ts';
import type { StepRecorder } from './step_recorder.ts';

export interface WasmOptions {
  /**
   * Which of the two builds computes: `relaxed` uses the fused multiply-add of relaxed SIMD, which Node 20 and Safari do not have;
   * the one that the engine takes.
   */
  build?: Build;
  /**
   * Threads that share the work of large kernels, 1 to 32; 1. More than one need memory that threads can share: Node, Deno, or a worker of
   * a page that is cross-origin isolated. The numbers are the same to the bit, whatever the number of threads.
   */
  threads?: number;
  /** How recurrent layers are carried out: of these only `chunk` says anything to this device. */
  sequence?: SequenceOptions;
  /** For tests: memory starts as NaN, so that an element that a kernel forgets to write shows; false. */
  poison?: boolean;
}

class WasmStorage implements Storage {
  readonly dtype: DType;
  readonly length: number;
  /** In bytes; 0 once it is freed. */
  address: number;
  constructor(dtype: DType, length: number, address: number) {
    this.dtype = dtype;
    this.length = length;
    this.address = address;
  }
}

/** Multiplications and additions of the kernels that threads share, from their parameters. */
const SHARED: Partial<Record<KernelName, (p: Readonly<Record<string, number>>) => number>> = {
  matmul: ({ M, N, K, batch }) => M * N * K * batch,
  sequence_forward: ({ T, B, D, H }) => T * B * D * H * H,
  sequence_backward: ({ T, B, D, H }) => T * B * D * H * H,
};
/** About 50 µs of one thread: below, waking another costs more than it brings. */
const LEAST_WORK = 1e6;

const NOTHING = new Float32Array(0);
const BYTES = 4;
const bytesOf = ({ dtype, length }: Pick<Storage, 'dtype' | 'length'>): number =>
  length * (dtype === 'float16' ? 2 : BYTES);
const FLOAT16_NAN = 0x7e00;

/** Opens the device. @throws DeviceError where the engine has no WebAssembly with SIMD, or not the build that was asked for */
export async function openDevice(options: WasmOptions): Promise<Device> {
  const { threads: count = 1 } = options;
  const build = chooseBuild(options.build);
  checkThreads(count);
  const heap = new Heap(count > 1);
  const module = await compileBuild(build, count > 1);
  const threads = count > 1 ? await Threads.start(count, module, heap.memory) : null;
  return new WasmDevice(options, build, module, heap, threads);
}

class WasmDevice implements Device {
  readonly kind = 'wasm';
  readonly description: string;
  readonly limits: DeviceLimits;
  readonly choices: Record<string, string> = {};
  private readonly heap: Heap;
  private readonly threads: Threads | null;
  private readonly kernels: Readonly<Record<string, NativeKernel>>;
  private readonly poison: boolean;
  private readonly counts = {
    dispatches: 0,
    submits: 0,
    copies: 0,
    pipelines: 0,
    storages: 0,
    bytes: 0,
  };
  private work = { address: 0, bytes: 0 };
  /** While a step is recorded: nothing is computed, and no memory is handed back. */
  private recorder: StepRecorder | null = null;
  private freedInRecording: WasmStorage[] = [];

  constructor(
    options: WasmOptions,
    build: Build,
    module: WebAssembly.Module,
    heap: Heap,
    threads: Threads | null,
  ) {
    this.heap = heap;
    this.threads = threads;
    const { sequence = {}, poison = false } = options;
    this.description = `WebAssembly, ${build === 'relaxed' ? 'relaxed' : 'plain'} SIMD${threads ? `, ${threads.count} threads` : ''}`;
    this.limits = {
      maxBindingBytes: 2 ** 32,
      maxBufferBytes: 2 ** 32,
      maxLoopIterations: Infinity,
      maxSteps: sequence.chunk ?? MAX_STEPS,
      unitMultiple: 4,
    };
    this.poison = poison;
    this.kernels = instantiate(module, this.heap.memory, (bytes) => this.scratch(bytes));
  }

  alloc(length: number, dtype: DType): Storage {
    const bytes = bytesOf({ dtype, length });
    const storage = new WasmStorage(dtype, length, this.heap.take(bytes));
    if (this.poison && dtype === 'float32') this.valuesOf(storage, 'alloc').fill(NaN);
    if (this.poison && dtype === 'float16') this.bitsOf(storage, 'alloc').fill(FLOAT16_NAN);
    this.counts.storages++;
    this.counts.bytes += bytes;
    this.recorder?.allocated(storage);
    return storage;
  }

  free(storage: Storage): void {
    const own = storage as WasmStorage;
    if (own.address === 0) return;
    if (this.recorder) {
      this.freedInRecording.push(own);
      return;
    }
    this.heap.give(own.address, bytesOf(own));
    this.counts.storages--;
    this.counts.bytes -= bytesOf(own);
    own.address = 0;
  }

  write(storage: Storage, data: ArrayLike<number>, offset = 0): void {
    this.recorder?.written(storage);
    if (storage.dtype === 'float16')
      this.bitsOf(storage, 'write').set(encodeFloat16(data).subarray(0, data.length), offset);
    else this.valuesOf(storage, 'write').set(data, offset);
  }

  read(storage: Storage): Promise<NumericArray> {
    return Promise.resolve(this.valuesOf(storage, 'read').slice());
  }

  copy(from: Storage, fromOffset: number, to: Storage, toOffset: number, length: number): void {
    if (this.recorder) return this.recorder.copy(from, fromOffset, to, toOffset, length);
    this.counts.copies++;
    const views = from.dtype === to.dtype && to.dtype === 'float16' ? 'bitsOf' : 'valuesOf';
    const source = this[views](from, 'copy').subarray(fromOffset, fromOffset + length);
    if (from.dtype === to.dtype) this[views](to, 'copy').set(source, toOffset);
    else this.write(to, source, toOffset);
  }

  zero(storage: Storage): void {
    if (this.recorder) return this.recorder.zero(storage);
    if (storage.dtype === 'float16') this.bitsOf(storage, 'zero').fill(0);
    else this.valuesOf(storage, 'zero').fill(0);
  }

  run<K extends KernelName>(
    kernel: K,
    bindings: Bindings<K>,
    params: Params<K>,
    variant: Variant<K> = {},
  ): void {
    if (this.recorder) return this.recorder.run(kernel, bindings, params, variant);
    this.counts.dispatches++;
    if (!this.runNative(kernel, bindings, params, variant))
      this.runTwin(kernel, bindings, params, variant);
  }

  /** Whether the kernel is compiled, with what fills its slots. */
  private runNative(
    kernel: KernelName,
    bindings: Readonly<Record<string, Storage | null>>,
    params: Readonly<Record<string, number>>,
    variant: Variant,
  ): boolean {
    const list = NATIVES[kernel];
    for (const [name, storage] of Object.entries(bindings))
      if (
        storage?.dtype === 'float16' &&
        !list?.some(([kind, binding]) => kind === 'half' && binding === name)
      )
        throw new Error(
          `kernel '${kernel}': binding '${name}' is float16, which only weights of inference may be`,
        );
    const parts = this.partsOf(kernel, params);
    const memory = {
      addressOf: (one: Storage) => this.addressOf(one, kernel),
      isHalf: ({ dtype }: Storage) => dtype === 'float16',
    };
    const values = list && argumentsOf(list, bindings, params, variant, memory, parts);
    if (!values) return false;
    const name = camel(kernel);
    const own = (): void => this.kernels[name](...values);
    if (parts === 1) own();
    else
      this.threads!.run(
        name,
        values,
        list.findIndex(([kind]) => kind === 'part'),
        own,
      );
    return true;
  }

  private runTwin<K extends KernelName>(
    kernel: K,
    bindings: Bindings<K>,
    params: Params<K>,
    variant: Variant<K>,
  ): void {
    const arrays = Object.fromEntries(
      Object.entries<Storage | null>(bindings).map(([name, storage]) => [
        name,
        storage ? this.valuesOf(storage, kernel) : NOTHING,
      ]),
    ) as Parameters<Twin<K>>[0];
    const twin = (TWINS as Partial<Record<KernelName, unknown>>)[kernel] as Twin<K> | undefined;
    if (!twin)
      throw new Error(`the WebAssembly device has neither a kernel nor a twin of '${kernel}'`);
    twin(arrays, params, variant);
  }

  async stepper(plan: StepPlan): Promise<Stepper> {
    const { openRecorder } = await import('./step_recorder.ts');
    const recorder = await openRecorder();
    try {
      this.recorder = recorder;
      const outputs = plan.compute();
      return recorder.finish(plan, outputs, (storage) => this.valuesOf(storage, 'stepper'));
    } finally {
      this.recorder = null;
      for (const storage of this.freedInRecording.splice(0)) this.free(storage);
    }
  }

  submit(): void {
    this.counts.submits++;
  }

  stats(): DeviceStats {
    return { ...this.counts, pooledBytes: this.heap.pooled };
  }

  destroy(): void {
    this.threads?.end();
  }

  /** How many threads share a kernel's work: all where it is worth waking them. */
  private partsOf(kernel: KernelName, params: Readonly<Record<string, number>>): number {
    return this.threads && (SHARED[kernel]?.(params) ?? 0) > LEAST_WORK ? this.threads.count : 1;
  }

  private scratch(bytes: number): number {
    const each = (bytes + 63) & ~63;
    const all = each * (this.threads?.count ?? 1);
    if (all > this.work.bytes) {
      if (this.work.bytes > 0) this.heap.give(this.work.address, this.work.bytes);
      this.work = { address: this.heap.take(all), bytes: all };
    }
    this.threads?.publishScratch(this.work.address, each);
    return this.work.address;
  }

  private addressOf(storage: Storage, what: string): number {
    const { address } = storage as WasmStorage;
    if (address === 0)
      throw new Error(`${what}: this tensor was freed (disposed of, or left behind by a scope)`);
    return address;
  }

  /** The numbers themselves; of float16 a copy. */
  private valuesOf(storage: Storage, what: string): Float32Array | Int32Array {
    if (storage.dtype === 'float16') return decodeFloat16(this.bitsOf(storage, what));
    const first = this.addressOf(storage, what) / BYTES;
    const { f32, i32 } = this.heap;
    return (storage.dtype === 'int32' ? i32 : f32).subarray(first, first + storage.length);
  }

  private bitsOf(storage: Storage, what: string): Uint16Array {
    return new Uint16Array(this.heap.memory.buffer, this.addressOf(storage, what), storage.length);
  }
}

const camel = (name: string): string =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
