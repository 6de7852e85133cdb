/**
 * The seam between the library and whatever computes. A device allocates storage, moves numbers in and out, and runs
 * kernels by name: the WebGPU device finds `shaders/NAME.wgsl`, the CPU device `cpu/NAME.ts`. Nothing here knows shapes.
 */
import type { CellName, Kernels, Slots } from './kernels.generated.ts';
import type { Stepper } from './stepper/index.ts';

export type { CellName };

/**
 * Element types. `float32` is 64 bits wide on the float64 CPU device; `int32` holds ids, labels and masks (0 or 1). `float16` is for
 * storage alone: writing rounds to it, reading gives float32, and kernels of inference compute with float32 what they read of it. So is
 * `int8`, whose columns have scales: the WebAssembly device alone has it, and `quantize()` alone makes it.
 */
export type DType = 'float32' | 'float16' | 'int8' | 'int32';
/** The arrays that numbers are read into: of float32, of the float64 CPU device, and of int32. */
export type NumericArray = Float32Array | Float64Array | Int32Array;
export type KernelName = keyof Kernels;

/** Memory on a device; opaque outside the device that made it. A copy of the object stands for the same memory: it may be freed by either, once. */
export interface Storage {
  /** Type of the elements. */
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
  /** Storages alive: tensors, weights and what optimizers keep. */
  storages: number;
  /** Their bytes. */
  bytes: number;
  /** Bytes of freed memory kept for reuse. */
  pooledBytes: number;
}

/** How much a device takes at a time. */
export interface DeviceLimits {
  /** Largest range that one binding can show to a kernel, in bytes. */
  readonly maxBindingBytes: number;
  /** Largest buffer, in bytes. */
  readonly maxBufferBytes: number;
  /** Iterations of all loops together that one thread of a kernel may take. */
  readonly maxLoopIterations: number;
  /** Time steps that one dispatch may take; longer sequences are cut into chunks. */
  readonly maxSteps: number;
  /** Recurrent layers run fastest with a multiple of so many units; where they have others, units with weights of zero are added. */
  readonly unitMultiple: number;
}

/** The default of `maxSteps`: browsers end dispatches that run for long. */
export const MAX_STEPS = 256;

/**
 * How recurrent layers are carried out, an option of a new device. What is undefined is left to the rules; tests force each way.
 */
export interface SequenceOptions {
  /**
   * `fold`: one dispatch a chunk; `step`: one dispatch a phase and time step; `rows`: by the kernels for few rows, where H is a
   * multiple of 4 and at most 1024, else as the rules say. A cell with a projection or a normalization always runs by `step`.
   */
  variant?: 'fold' | 'step' | 'rows';
  /** Time steps a chunk at most, which `limits.maxSteps` then says; 256. */
  chunk?: number;
}

export const SEQUENCE_NAMES: readonly (keyof SequenceOptions)[] = ['variant', 'chunk'];

/** How `read` waits. */
export interface ReadOptions {
  /**
   * Whether WebGPU is asked again and again until the numbers are there, since Chromium delivers unasked only every 2 ms; false. For
   * a read that the next step waits for; it costs some of the program's time.
   */
  poll?: boolean;
}

/**
 * A device: memory, kernels by name, and facts. How to measure one is in gatefold/profile.
 */
export interface Device {
  /** Which of the devices it is. */
  readonly kind: 'webgpu' | 'wasm' | 'cpu';
  /** What computes, in words: adapter vendor and name, or the twin's precision. */
  readonly description: string;
  /** How much it takes at a time. */
  readonly limits: DeviceLimits;
  /**
   * Variants of kernels that `autotune` of gatefold/profile chose, by kernel and size; all others follow the rules. They may be
   * printed and copied, set to pin a variant (the error for an unknown one lists them), and deleted to leave it to the rule.
   */
  readonly choices: Record<string, string>;
  /** Those of `choices` that came with a model: where one names no variant, the rule chooses. A device without variants leaves it out. */
  readonly adopted?: Record<string, string>;
  /**
   * Uninitialised memory for `length` elements. Throws with the limit and what would fit if that is too much; float16 where a GPU
   * lacks `shader-f16`.
   *
   * @param columns of int8: how many numbers a row has
   */
  alloc(length: number, dtype: DType, columns?: number): Storage;
  /** Gives memory back. Commands that were recorded may still use it. */
  free(storage: Storage): void;
  /** Copies `data` in, from element `offset` on. Throws where a number is beyond float16 and the storage is that. */
  write(storage: Storage, data: ArrayLike<number>, offset?: number): void;
  /** Submits what is recorded. Resolves with a copy of the storage, as it is after that. */
  read(storage: Storage, options?: ReadOptions): Promise<NumericArray>;
  /** The numbers themselves, where the host sees the device's memory; null once they are freed. A device apart leaves this out. */
  peek?(storage: Storage): NumericArray | null;
  /** Words of a `Random` with this key, four a block, from block number `block` on, all below 2^32, where that is faster than JavaScript. @internal */
  words?(block: number, count: number, key: readonly [number, number]): Uint32Array;
  /** Copies `length` elements between two different storages. */
  copy(from: Storage, fromOffset: number, to: Storage, toOffset: number, length: number): void;
  /** Sets every element to zero. */
  zero(storage: Storage): void;
  /** Runs a kernel by its name: records it on a GPU, computes at once elsewhere. @internal */
  run<K extends KernelName>(
    kernel: K,
    bindings: Bindings<K>,
    params: Params<K>,
    variant?: Variant<K>,
  ): void;
  /** Hands what is recorded to the device. A training step calls it once; `read` calls it too. */
  submit(): void;
  /**
   * Gives back the freed memory that the device keeps for reuse. It does so by itself with what was not used again for KEPT_STEPS submits.
   * WebAssembly memory cannot shrink: there, the free end of it can be used for blocks of any size again.
   */
  trim(): void;
  /**
   * Makes a step that runs without promises; a device that has no such steps leaves this out.
   *
   * @throws Error naming a kernel of which there is no version for single steps
   *
   * @internal
   */
  stepper?(plan: StepPlan): Promise<Stepper>;
  /**
   * Runs what `compute` asks for, and keeps it, with all memory that it takes, so that it can be run again without being asked for. A device where
   * asking costs little beside the rest leaves this out.
   *
   * @internal
   */
  capture?(compute: () => void): Capture;
  /** Counts since the device was made, and the memory in use. */
  stats(): DeviceStats;
  /** Ends the device with everything that is on it. */
  destroy(): void;
}

/** What a device has run and can run again, with the numbers that its storages hold then. */
export interface Capture {
  replay(): void;
  /** Frees the memory that it keeps. */
  dispose(): void;
}

/** One time step of a model, which a device is to repeat. */
export interface StepPlan {
  readonly inputs: readonly StepNumbers[];
  readonly states: readonly StepState[];
  /** Runs the kernels of one step, once. Returns what they leave. */
  readonly compute: () => readonly StepNumbers[];
}
export interface StepNumbers {
  readonly name: string;
  readonly storage: Storage;
}
/** What is carried from step to step; it begins as zeros. */
export interface StepState {
  readonly layer: string;
  readonly storage: Storage;
  readonly length: number;
  /** Where a step reads it and where it leaves it, in elements. */
  readonly before: number;
  readonly after: number;
}

/** A device that is gone, or refused a program: nothing computed after it can be trusted. */
export class DeviceError extends Error {
  override name = 'DeviceError';
}
