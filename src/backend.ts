/**
 * The seam between the library and whatever computes. A device allocates storage, moves numbers in and out, and runs
 * kernels by name: the WebGPU device finds `shaders/NAME.wgsl`, the CPU device `cpu/NAME.ts`. Nothing here knows shapes.
 */
import type { CellName, Kernels, Slots } from './kernels.generated.ts';

export type { CellName };

/**
 * Element types. `float32` is 64 bits wide on the float64 CPU device; `int32` holds ids, labels and masks (0 or 1). `float16` is for
 * storage alone: writing rounds to it, reading gives float32, and kernels of inference compute with float32 what they read of it.
 */
export type DType = 'float32' | 'float16' | 'int32';
export type NumericArray = Float32Array | Float64Array | Int32Array;
export type KernelName = keyof Kernels;

/** Memory on a device; opaque outside the device that made it. */
export interface Storage {
  readonly dtype: DType;
  /** Number of elements. */
  readonly length: number;
}

/** A binding of `null` is an optional input or output that the parameters tell the kernel to leave alone. */
export type Bindings<K extends KernelName> = Record<
  Kernels[K]['reads'] | Kernels[K]['writes'],
  Storage | null
>;
export type Params<K extends KernelName> = Kernels[K]['params'];

/** What is fixed when a kernel is compiled: the files in its slots, else its defaults, and WGSL constants that the host may set. */
export interface Variant<K extends KernelName = KernelName> {
  readonly slots?: Readonly<Partial<Pick<Slots, Kernels[K]['slots']>>>;
  readonly constants?: Readonly<Partial<Record<Kernels[K]['constants'], number>>> &
    Readonly<Record<string, number | undefined>>;
}

/** Counts since the device was made. Subtract two snapshots to get those of a step. */
export interface DeviceStats {
  /** Compute dispatches recorded. */
  dispatches: number;
  /** Command buffers submitted (0 on the CPU). */
  submits: number;
  /** Buffer-to-buffer copies recorded; they are no dispatches. */
  copies: number;
  /** Pipelines compiled. */
  pipelines: number;
  /** Storages alive, and their bytes. */
  storages: number;
  bytes: number;
  /** Bytes of freed buffers kept for reuse. */
  pooledBytes: number;
}

export interface DeviceLimits {
  /** Largest range that one binding can show to a kernel, in bytes. */
  readonly maxBindingBytes: number;
  /** Largest buffer, in bytes. */
  readonly maxBufferBytes: number;
  /** Turns of all loops together that one thread of a kernel may take. */
  readonly maxLoopTurns: number;
}

/**
 * How the recurrent operation is carried out; `undefined` leaves it to the stated rules. Tests force each of them.
 * `fold`: one dispatch a chunk; `step`: one dispatch a phase and time step; `rows`: by the kernels for few rows, where H is a
 * multiple of 4 and at most 1024, else as the rules say.
 */
export interface SequenceOptions {
  variant?: 'fold' | 'step' | 'rows';
  /** Time steps a chunk. */
  chunk?: number;
  /** Whether the fold shares operands in workgroup memory, a unit a thread, or has several units a thread that read them themselves. */
  shared?: boolean;
}

/** How `Device.profile` measures. */
export interface ProfileOptions {
  /** How often the function is timed, of which the medians are given; 5. It is called 2 + 2·repeats times. */
  repeats?: number;
  /** Whether the GPU's own clock may be used, where the device has `timestamp-query`; true. */
  timestamps?: boolean;
}

/** All dispatches of a kernel that have one cell and one size, in one run. */
export interface KernelProfile {
  /** The file in shaders/. */
  readonly name: string;
  /** Cell and sizes, where they tell what the kernel has to do: of a product M×N×K. */
  readonly variant: string;
  readonly dispatches: number;
  readonly ms: number;
  /** Of the time of all kernels. */
  readonly share: number;
  /** Operations of the products in it, masked steps and padding included; of everything else there is no count. */
  readonly flops: number;
  /** Read and written, each element of what is bound once. */
  readonly bytes: number;
  /** `flops` by time; null where there are none. */
  readonly gflops: number | null;
  /** `bytes` by time. */
  readonly gbPerS: number;
}

/** What the device reached: a product of matrices by our kernel, and a copy (read and written) between buffers. */
export interface Ceilings {
  readonly gflops: number;
  readonly gbPerS: number;
}

/** Where the time goes in one run of a function. */
export interface Profile {
  /** Wall time of a run as it is, from the call until the device is done. */
  readonly ms: number;
  /** Of its kernels, each timed by itself: what is missing to `ms` is recording, copies and waiting. */
  readonly kernelMs: number;
  readonly clock: 'timestamps' | 'waiting';
  readonly dispatches: number;
  readonly copies: number;
  readonly submits: number;
  /** Read and written by kernels. */
  readonly bytes: number;
  /** Sent to the device: data and parameters. */
  readonly uploadedBytes: number;
  readonly ceilings: Ceilings;
  /** The longest first. */
  readonly kernels: readonly KernelProfile[];
  /** As a table. */
  toString(): string;
}

export interface TuneOptions {
  /** How often each variant is timed, of which the median counts; 3. The function is called 1 + (2 + repeats)·variants times. */
  repeats?: number;
  /** The part of the time of the rule's variant that another has to save to be chosen; 0.05. */
  gain?: number;
}

/** A kernel of some size for which there are variants, and what they took. */
export interface Tuning {
  /** Under which `Device.choices` has it. */
  readonly key: string;
  readonly chosen: string;
  readonly byRule: string;
  /** Milliseconds of one run, by variant. */
  readonly ms: Readonly<Record<string, number>>;
}

export interface Device {
  readonly kind: 'webgpu' | 'cpu';
  /** What computes, in words: adapter vendor and name, or the twin's precision. */
  readonly description: string;
  readonly limits: DeviceLimits;
  readonly sequence: SequenceOptions;
  /**
   * Variants of kernels that were chosen by measuring, by kernel and size. Others go by the rules. Print them, copy them,
   * set one to pin it (what there is to choose from, an unknown one is told), delete one to leave it to the rule.
   */
  readonly choices: Record<string, string>;
  /** Memory starts as NaN, for tests that want to see what a kernel forgets to write. The float64 twin's always does. */
  poison?: boolean;
  /**
   * Uninitialised memory for `length` elements. Throws with the limit and what would fit if that is too much; float16 where a GPU
   * lacks `shader-f16`.
   */
  alloc(length: number, dtype: DType): Storage;
  free(storage: Storage): void;
  /** Copies `data` in, from element `offset` on. Throws where a number is beyond float16 and the storage is that. */
  write(storage: Storage, data: ArrayLike<number>, offset?: number): void;
  /**
   * Everything recorded so far is carried out, then a copy of the storage comes back; with `soon` at the cost of some work while it
   * is waited for.
   */
  read(storage: Storage, soon?: boolean): Promise<NumericArray>;
  /** Copies `length` elements between two different storages. */
  copy(from: Storage, fromOffset: number, to: Storage, toOffset: number, length: number): void;
  /** Sets every element to zero. */
  zero(storage: Storage): void;
  run<K extends KernelName>(
    kernel: K,
    bindings: Bindings<K>,
    params: Params<K>,
    variant?: Variant<K>,
  ): void;
  /** Hands what is recorded to the device. A training step calls it once; `read` calls it too. */
  submit(): void;
  stats(): DeviceStats;
  /**
   * Measures what `fn` does on this device: each kernel's time, and how near it comes to the device's ceilings.
   * `console.log(String(await device.profile(() => model.trainOnBatch(x, y))))` prints a table. The function is called
   * several times (`ProfileOptions.repeats`) and does each time what it always does: a training step trains. It may be
   * asynchronous, and nobody else may use the device before the promise resolves.
   *
   * @param fn what to measure; it should record the same each time
   * @throws where the device is no GPU
   */
  profile(fn: () => unknown, options?: ProfileOptions): Promise<Profile>;
  /**
   * Measures the variants of what `fn` does, and chooses the fastest of each from here on, in `choices`. Without it a rule
   * chooses, by shape and device alone. Sums of another variant are rounded differently: so a model is saved with the choices, and
   * goes on with them where it is loaded on a device of this description (choices for other sizes stay). Like `profile`, it calls the
   * function several times, which should record the same each time: of what is not in every run nothing is chosen. The CPU
   * device has no variants.
   */
  autotune(fn: () => unknown, options?: TuneOptions): Promise<Tuning[]>;
  destroy(): void;
}

/** A device that is gone, or refused a program: nothing computed after it can be trusted. */
export class DeviceError extends Error {
  override name = 'DeviceError';
}
