/** GPU buffers of storages, from a pool by size class. */
import type { DType, Storage } from '../backend.ts';
import { Pool } from '../pool.ts';
import type { Failures } from './failures.ts';

export class GpuStorage implements Storage {
  readonly dtype: DType;
  readonly length: number;
  /** null once the storage is freed. */
  buffer: GPUBuffer | null;
  constructor(dtype: DType, length: number, buffer: GPUBuffer) {
    this.dtype = dtype;
    this.length = length;
    this.buffer = buffer;
  }
  /** Bytes that a binding shows: whole vec4s, so that kernels may read four at a time. */
  get bytes(): number {
    return bindingBytes(this.length, this.dtype);
  }
}

/** @param what for the error where the storage was freed */
export function bufferOf(storage: Storage, what: string): GPUBuffer {
  const { buffer } = storage as GpuStorage;
  if (!buffer)
    throw new Error(`${what}: this tensor was freed (disposed of, or left behind by a scope)`);
  return buffer;
}

export const elementBytes = (dtype: DType): number => (dtype === 'float16' ? 2 : 4);

/** Bytes of the elements in whole words, which is what WebGPU copies. */
export const wordBytes = ({ length, dtype }: Storage): number =>
  Math.ceil((length * elementBytes(dtype)) / 4) * 4;

export const bindingBytes = (length: number, dtype: DType): number =>
  Math.max(16, Math.ceil((length * elementBytes(dtype)) / 16) * 16);

/** Buffers have so many sizes between two powers of two, so that the pool finds one where sizes vary a little. */
const CLASSES = 8;

/** The size of the buffer that is made for so many bytes. */
export function sizeClass(bytes: number): number {
  const step = Math.max(256, 2 ** Math.floor(Math.log2(bytes)) / CLASSES);
  return Math.ceil(bytes / step) * step;
}

export class Memory {
  readonly pool = new Pool<number, GPUBuffer>((buffer) => buffer.destroy());
  private readonly gpu: GPUDevice;
  private readonly failures: Failures;

  constructor(gpu: GPUDevice, failures: Failures) {
    this.gpu = gpu;
    this.failures = failures;
  }

  take(length: number, dtype: DType, maxBytes: number): GpuStorage {
    const wanted = bindingBytes(length, dtype);
    if (wanted > maxBytes)
      throw new Error(
        `a tensor of ${length} elements needs ${wanted} bytes; this device's maxBufferSize is ${maxBytes} bytes, ` +
          `so at most ${Math.floor(maxBytes / elementBytes(dtype))} elements fit: use a smaller batch, fewer time steps or fewer units`,
      );
    const bytes = Math.min(sizeClass(wanted), maxBytes);
    return new GpuStorage(dtype, length, this.find(bytes) ?? this.create(bytes));
  }

  /**
   * The oldest free buffer of a size, or of the next sizes up to twice that: so batches of many lengths share the buffers of the
   * longest. Which one it is depends only on what is free, so that a step that allocates as an earlier one did gets the same buffers,
   * and with them the same bind groups.
   */
  private find(bytes: number): GPUBuffer | undefined {
    let size = bytes;
    for (let i = 0; i <= CLASSES; i++) {
      const found = this.pool.take(size);
      if (found) return found;
      size = sizeClass(size + 1);
    }
    return undefined;
  }

  give(storage: GpuStorage): void {
    const { buffer } = storage;
    if (!buffer) return;
    storage.buffer = null;
    this.pool.give(buffer.size, buffer, buffer.size, idOf(buffer));
  }

  private create(size: number): GPUBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    return this.failures.guard(
      'out-of-memory',
      () => this.gpu.createBuffer({ size, usage }),
      (message) => `the device has no room for ${size} more bytes: ${message}`,
    );
  }
}

const ids = new WeakMap<GPUBuffer, number>();
let nextId = 0;

/** A number for each buffer, counted up in the order of first use: for those of a pool, that of their making. */
export function idOf(buffer: GPUBuffer): number {
  let id = ids.get(buffer);
  if (id === undefined) ids.set(buffer, (id = nextId++));
  return id;
}
