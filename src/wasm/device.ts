/**
 * The WebAssembly device: storages stand in one linear memory, kernels that are compiled compute there, and what is not compiled is
 * computed by its twin on views of the same memory. Nothing is copied but by `write` and `read`.
 */
import { MAX_STEPS } from '../backend.ts';
import type {
  Bindings,
  Capture,
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
import { runTwin } from '../cpu/run_twin.ts';
import type { Stepper } from '../stepper/index.ts';
import { argumentsOf } from './arguments.ts';
import { Heap } from './heap.ts';
import {
  addressOf,
  copyValues,
  poison,
  scalesOf,
  setValues,
  valuesOf,
  WasmStorage,
} from './storage.ts';
import type { Build } from './builds.ts';
import { bytesOf, instantiate } from './instance.ts';
import type { NativeKernel } from './instance.ts';
import { checkThreads, Threads, withSharedMemory } from './threads.ts';
import { NATIVES } from './natives.generated.ts';
import type { StepRecorder } from './step_recorder.ts';
import { rightOf, Tape } from './tape.ts';
import { TWINS } from './twins.generated.ts';

/** The options of `wasm`. */
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

/** Multiplications and additions of the kernels that threads share, from their parameters. */
const SHARED: Partial<Record<KernelName, (p: Readonly<Record<string, number>>) => number>> = {
  matmul: ({ M, N, K, batch }) => M * N * K * batch,
  sequence_forward: ({ T, B, D, H }) => T * B * D * H * H,
  sequence_backward: ({ T, B, D, H }) => T * B * D * H * H,
};
/** About 50 µs of one thread: below, waking another costs more than it brings. */
const LEAST_WORK = 1e6;

/** Opens the device. @param text the bytes of the build, as a text */
export async function openDevice(
  options: WasmOptions,
  build: Build,
  text: string,
): Promise<Device> {
  const { threads: count = 1 } = options;
  checkThreads(count);
  const heap = new Heap(count > 1);
  const bytes = bytesOf(text);
  const module = await WebAssembly.compile(count > 1 ? withSharedMemory(bytes) : bytes);
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
  /** Takes what is computed, to compute it again; no memory is handed back either. */
  private tape: Tape | null = null;
  /** Grows with all that is computed or written, but for what tapes compute again. */
  private changes = 0;
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
    const { sequence, poison = false } = options;
    this.description = `WebAssembly, ${build === 'relaxed' ? 'relaxed' : 'plain'} SIMD${threads ? `, ${threads.count} threads` : ''}`;
    this.limits = {
      maxBindingBytes: 2 ** 32,
      maxBufferBytes: 2 ** 32,
      maxLoopIterations: Infinity,
      maxSteps: sequence?.chunk ?? MAX_STEPS,
      unitMultiple: 4,
    };
    this.poison = poison;
    this.kernels = instantiate(module, this.heap.memory, (bytes) => this.scratch(bytes));
  }

  alloc(length: number, dtype: DType, columns?: number): Storage {
    const storage = new WasmStorage(dtype, length, this.heap, columns);
    if (this.poison) poison(this.heap, storage);
    this.counts.storages++;
    this.counts.bytes += storage.bytes;
    this.recorder?.allocated(storage);
    this.tape?.changing.add(storage);
    return storage;
  }

  free(storage: Storage): void {
    const own = storage as WasmStorage;
    if (own.address === 0) return;
    if (this.recorder || this.tape) {
      this.freedInRecording.push(own);
      return;
    }
    this.heap.give(own.address, own.bytes);
    this.counts.storages--;
    this.counts.bytes -= own.bytes;
    own.address = 0;
  }

  write(storage: Storage, data: ArrayLike<number>, offset = 0): void {
    this.recorder?.written(storage);
    this.changes++;
    setValues(this.heap, storage, data, offset, 'write');
  }

  read(storage: Storage): Promise<NumericArray> {
    return Promise.resolve(valuesOf(this.heap, storage, 'read').slice());
  }

  peek(storage: Storage): NumericArray | null {
    return (storage as WasmStorage).address === 0 ? null : valuesOf(this.heap, storage, 'peek');
  }

  words(block: number, count: number, key: readonly [number, number]): Uint32Array {
    const at = this.scratch(16 * count);
    this.kernels.drawWords(at, count, block, ...key);
    return new Uint32Array(this.heap.memory.buffer, at, 4 * count).slice();
  }

  copy(from: Storage, fromOffset: number, to: Storage, toOffset: number, length: number): void {
    if (this.recorder) return this.recorder.copy(from, fromOffset, to, toOffset, length);
    this.counts.copies++;
    this.tape?.changing.add(to);
    this.perform(() => copyValues(this.heap, from, fromOffset, to, toOffset, length));
  }

  zero(storage: Storage): void {
    if (this.recorder) return this.recorder.zero(storage);
    const { bytes } = storage as WasmStorage;
    this.perform(() =>
      new Uint8Array(this.heap.memory.buffer, addressOf(storage, 'zero'), bytes).fill(0),
    );
  }

  /** Computes, now and whenever what is being captured is. */
  private perform(action: () => void): void {
    action();
    this.changes++;
    this.tape?.add(action);
  }

  capture(compute: () => void): Capture {
    const tape = new Tape(this.heap, this.kernels.usePanels);
    this.tape = tape;
    try {
      compute();
    } finally {
      this.tape = null;
    }
    const kept = this.freedInRecording.splice(0);
    return {
      replay: () => tape.replay(this.changes),
      dispose: () => {
        tape.dispose();
        for (const storage of kept.splice(0)) this.free(storage);
      },
    };
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
      this.perform(() =>
        runTwin(TWINS, kernel, bindings, params, variant, (one) =>
          valuesOf(this.heap, one, kernel),
        ),
      );
  }

  /** Whether the kernel is compiled, with what fills its slots. */
  private runNative(
    kernel: KernelName,
    bindings: Readonly<Record<string, Storage | null>>,
    params: Readonly<Record<string, number>>,
    variant: Variant,
  ): boolean {
    const list = NATIVES[kernel];
    const wide = this.widened(kernel, bindings);
    const parts = this.partsOf(kernel, params);
    const memory = {
      addressOf: (one: Storage) => addressOf(wide.get(one) ?? one, kernel),
      scalesOf: (one: Storage) => scalesOf(one, kernel),
      isHalf: ({ dtype }: Storage) => dtype === 'float16',
    };
    try {
      const values = list && argumentsOf(list, bindings, params, variant, memory, parts);
      if (!values) return false;
      const name = camel(kernel);
      const compiled = this.kernels[name];
      const own = (): void => compiled(...values);
      const partAt = list.findIndex(([kind]) => kind === 'part');
      const action = parts === 1 ? own : (): void => this.threads!.run(name, values, partAt, own);
      action();
      this.changes++;
      if (this.tape) {
        // What was widened for this call is gone after it.
        const again = (): unknown => this.runNative(kernel, bindings, params, variant);
        const right = parts === 1 ? rightOf(kernel, bindings, params, variant) : null;
        this.tape.add(wide.size === 0 ? action : again, right);
      }
      return true;
    } finally {
      for (const { address, bytes } of wide.values()) this.heap.give(address, bytes);
    }
  }

  async stepper(plan: StepPlan): Promise<Stepper> {
    const { openRecorder } = await import('./step_recorder.ts');
    const recorder = await openRecorder();
    try {
      this.recorder = recorder;
      const outputs = plan.compute();
      return recorder.finish(plan, outputs, (storage) => valuesOf(this.heap, storage, 'stepper'));
    } finally {
      this.recorder = null;
      for (const storage of this.freedInRecording.splice(0)) this.free(storage);
    }
  }

  submit(): void {
    this.counts.submits++;
  }

  trim(): void {
    this.heap.trim();
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
    // JavaScript is given an address or a size beyond 2 GiB as a negative number.
    const each = Math.ceil((bytes >>> 0) / 64) * 64;
    const all = each * (this.threads?.count ?? 1);
    if (all > this.work.bytes) {
      const { address, bytes: size } = this.work;
      if (size > 0) this.heap.give(address, size);
      this.work = { address: 0, bytes: 0 };
      this.work = { address: this.heap.take(all), bytes: all };
    }
    this.threads?.publishScratch(this.work.address, each);
    return this.work.address;
  }

  /**
   * By binding of int8 that this kernel does not read as it is: its numbers as float32, for this call.
   *
   * @throws Error where the kernel reads neither float16 nor int8
   */
  private widened(
    kernel: KernelName,
    bindings: Readonly<Record<string, Storage | null>>,
  ): Map<Storage, WasmStorage> {
    const found = new Map<Storage, WasmStorage>();
    for (const [name, storage] of Object.entries(bindings)) {
      if (!storage || (storage.dtype !== 'float16' && storage.dtype !== 'int8')) continue;
      const takes = (what: string): boolean =>
        NATIVES[kernel]?.some(([kind, binding]) => kind === what && binding === name);
      if (!takes('half'))
        throw new Error(
          `kernel '${kernel}': binding '${name}' is ${storage.dtype}, which only weights of inference may be`,
        );
      if (storage.dtype === 'float16' || takes('scales')) continue;
      const { length, columns } = storage as WasmStorage;
      const from = addressOf(storage, kernel);
      const copy = new WasmStorage('float32', length, this.heap);
      const scales = scalesOf(storage, kernel);
      this.kernels.widen(from, scales, copy.address, length / columns, columns);
      found.set(storage, copy);
    }
    return found;
  }
}

const camel = (name: string): string =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
