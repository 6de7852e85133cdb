/**
 * The hook by which `gatefold/profile` measures a GPU device. While an observer is set, the device hands it every dispatch, and its
 * queue takes what the GPU's would. It is no part of the seam; nothing else sets one.
 */
import type { Device, Variant } from '../backend.ts';

/** Takes commands and data, as the GPU's queue does. */
export interface Queue {
  submit(commands: Iterable<GPUCommandBuffer>): void;
  /** Offset and size of the data are in bytes where it is an ArrayBuffer, else in elements. */
  writeBuffer(
    buffer: GPUBuffer,
    offset: number,
    data: AllowSharedBufferSource,
    dataOffset?: number,
    size?: number,
  ): void;
}

/** Encodes a dispatch into a pass, so many times in a row. */
export type Encode = (pass: GPUComputePassEncoder, times: number) => void;

/** A storage that a dispatch binds. */
export interface Bound {
  readonly name: string;
  readonly buffer: GPUBuffer;
  readonly bytes: number;
  readonly written: boolean;
}

/** Which of several variants of a kernel runs, and the key that `Device.choices` keeps it under. */
export interface Choice {
  readonly key: string;
  readonly name: string;
}

export interface ObservedDispatch {
  readonly kernel: string;
  readonly params: Readonly<Record<string, number>>;
  readonly variant: Variant;
  readonly bound: readonly Bound[];
  /** The choice that the dispatch follows from; null where there was none. */
  readonly choice: Choice | null;
  readonly encode: Encode;
}

export interface Observer {
  /** Used in place of the GPU's queue. */
  readonly queue?: Queue;
  /** Has to encode the dispatch; without this the device does. */
  dispatch?(dispatch: ObservedDispatch): void;
  /** Names the variant that runs; without this the device's choices and rules do. */
  choose?(key: string, names: readonly string[]): string;
  /** Resolves when all that `queue` was given has reached the GPU's queue. */
  handedOver?(): Promise<void>;
}

export interface ObservableDevice extends Device {
  readonly gpu: GPUDevice;
  observer: Observer | null;
  /** The commands that are being recorded, outside of a compute pass. */
  commands(): GPUCommandEncoder;
}
