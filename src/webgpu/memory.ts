/** GPU buffers: storages from a pool by size class, and mappable buffers for what is read back. */
import { DeviceError } from '../backend.ts';
import type { DType, Storage } from '../backend.ts';

export class GpuStorage implements Storage {
  readonly dtype: DType;
  readonly length: number;
  /** Unique, also among storages that had this buffer before. */
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

export const elementBytes = (dtype: DType): number => (dtype === 'float16' ? 2 : 4);

/** Bytes of the elements in whole words, which is what WebGPU copies. */
export const wordBytes = ({ length, dtype }: Storage): number =>
  Math.ceil((length * elementBytes(dtype)) / 4) * 4;

export const bindingBytes = (length: number, dtype: DType): number =>
  Math.max(16, Math.ceil((length * elementBytes(dtype)) / 16) * 16);

/** Size classes between two powers of two, so that a pool finds buffers for sizes that vary a little. */
const CLASSES = 8;

/** The class that `bytes` belong to: what a buffer for them is made with. */
function sizeClass(bytes: number): number {
  const step = Math.max(256, 2 ** Math.floor(Math.log2(bytes)) / CLASSES);
  return Math.ceil(bytes / step) * step;
}

export class Memory {
  private readonly device: GPUDevice;
  private readonly guard: (check: Promise<DeviceError | null>) => void;
  private readonly free = new Map<number, GPUBuffer[]>();
  private readonly staging = new Map<number, GPUBuffer[]>();
  pooledBytes = 0;

  constructor(device: GPUDevice, guard: (check: Promise<DeviceError | null>) => void) {
    this.device = device;
    this.guard = guard;
  }

  take(length: number, dtype: DType, maxBytes: number): GpuStorage {
    const wanted = bindingBytes(length, dtype);
    if (wanted > maxBytes)
      throw new Error(
        `a tensor of ${length} elements needs ${wanted} bytes; this device's maxBufferSize is ${maxBytes} bytes, ` +
          `so at most ${Math.floor(maxBytes / elementBytes(dtype))} elements fit: use a smaller batch, fewer time steps or fewer units`,
      );
    const bytes = Math.min(sizeClass(wanted), maxBytes);
    const buffer = this.find(bytes);
    if (buffer) this.pooledBytes -= buffer.size;
    return new GpuStorage(dtype, length, buffer ?? this.create(bytes));
  }

  /**
   * The oldest free buffer of a class, or of the next classes up to twice its size: batches of many lengths share the buffers of
   * the longest. Which one depends on what is free and on nothing before, so that a step which allocates as an earlier
   * one did gets the buffers, and by them the bind groups, of that one.
   */
  private find(bytes: number): GPUBuffer | undefined {
    let size = bytes;
    for (let i = 0; i <= CLASSES; i++) {
      const found = this.free.get(size)?.pop();
      if (found) return found;
      size = sizeClass(size + 1);
    }
    return undefined;
  }

  give(storage: GpuStorage): void {
    const { buffer } = storage;
    if (!buffer) return;
    storage.buffer = null;
    const list = push(this.free, buffer.size, buffer);
    // The oldest last, where it is taken from.
    for (let i = list.length - 1; i > 0 && idOf(list[i - 1]) < idOf(buffer); i--)
      [list[i - 1], list[i]] = [list[i], list[i - 1]];
    this.pooledBytes += buffer.size;
  }

  private create(bytes: number): GPUBuffer {
    this.device.pushErrorScope('out-of-memory');
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = this.device.createBuffer({ size: bytes, usage });
    this.guard(
      this.device
        .popErrorScope()
        .then(
          (error) =>
            error &&
            new DeviceError(`the device has no room for ${bytes} more bytes: ${error.message}`),
        ),
    );
    return buffer;
  }

  takeStaging(wanted: number): GPUBuffer {
    const bytes = sizeClass(wanted);
    return (
      this.staging.get(bytes)?.pop() ??
      this.device.createBuffer({
        size: bytes,
        usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      })
    );
  }

  giveStaging(buffer: GPUBuffer): void {
    push(this.staging, buffer.size, buffer);
  }
}

function push(pool: Map<number, GPUBuffer[]>, bytes: number, buffer: GPUBuffer): GPUBuffer[] {
  let list = pool.get(bytes);
  if (!list) pool.set(bytes, (list = []));
  list.push(buffer);
  return list;
}

const ids = new WeakMap<GPUBuffer, number>();
let nextId = 0;

/** Counts buffers in the order in which they are first asked about: that of their making, for those of a pool. */
export function idOf(buffer: GPUBuffer): number {
  let id = ids.get(buffer);
  if (id === undefined) ids.set(buffer, (id = nextId++));
  return id;
}
