/**
 * The seam between the library and whatever computes. A device allocates storage, moves numbers in and out, and runs
 * kernels by name: the WebGPU device finds `shaders/NAME.wgsl`, the CPU device `cpu/NAME.ts`. Nothing here knows shapes.
 */
import type { CELLS, Kernels } from './kernels.generated.ts';

/** Element types. `float32` is 64 bits wide on the float64 CPU device; `int32` holds ids, labels and masks (0 or 1). */
export type DType = 'float32' | 'int32';
export type NumericArray = Float32Array | Float64Array | Int32Array;
export type KernelName = keyof Kernels;
export type CellName = keyof typeof CELLS;

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

/** What is fixed when a kernel is compiled: the cell in its slot, and WGSL constants that the host may set. */
export interface Variant<K extends KernelName = KernelName> {
  readonly cell?: CellName;
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
}

/**
 * How the recurrent operation is carried out; `undefined` leaves it to the stated rules. Tests force each of them.
 * `fold`: one dispatch a chunk; `step`: one dispatch a phase and time step.
 */
export interface SequenceOptions {
  variant?: 'fold' | 'step';
  /** Time steps a chunk. */
  chunk?: number;
  /** Whether the fold shares operands in workgroup memory, a unit a thread, or has several units a thread that read them themselves. */
  shared?: boolean;
}

export interface Device {
  readonly kind: 'webgpu' | 'cpu';
  /** What computes, in words: adapter vendor and name, or the twin's precision. */
  readonly description: string;
  readonly limits: DeviceLimits;
  readonly sequence: SequenceOptions;
  /** Memory starts as NaN, for tests that want to see what a kernel forgets to write. The float64 twin's always does. */
  poison?: boolean;
  /** Uninitialised memory for `length` elements. Throws with the limit and what would fit if that is too much. */
  alloc(length: number, dtype: DType): Storage;
  free(storage: Storage): void;
  /** Copies `data` in, from element `offset` on. */
  write(storage: Storage, data: ArrayLike<number>, offset?: number): void;
  /** Everything recorded so far is carried out, then a copy of the storage comes back. */
  read(storage: Storage): Promise<NumericArray>;
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
  destroy(): void;
}

/** A device that is gone, or refused a program: nothing computed after it can be trusted. */
export class DeviceError extends Error {
  override name = 'DeviceError';
}
