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
    return bindingBytes(this.length);
  }
}

export const bindingBytes = (length: number): number => Math.max(16, Math.ceil(length / 4) * 16);

/** Rounds up to an eighth of the power of two below, so that a pool finds buffers for sizes that vary a little. */
function sizeClass(bytes: number): number {
  const step = Math.max(256, 2 ** Math.floor(Math.log2(bytes)) / 8);
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
    const wanted = bindingBytes(length);
    if (wanted > maxBytes)
      throw new Error(
        `a tensor of ${length} elements needs ${wanted} bytes; this device's maxBufferSize is ${maxBytes} bytes, ` +
          `so at most ${Math.floor(maxBytes / 4)} elements fit: use a smaller batch, fewer time steps or fewer units`,
      );
    const bytes = Math.min(sizeClass(wanted), maxBytes);
    const buffer = this.free.get(bytes)?.pop();
    if (buffer) this.pooledBytes -= bytes;
    return new GpuStorage(dtype, length, buffer ?? this.create(bytes));
  }

  give(storage: GpuStorage): void {
    const { buffer } = storage;
    if (!buffer) return;
    storage.buffer = null;
    push(this.free, buffer.size, buffer);
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

  takeStaging(length: number): GPUBuffer {
    const bytes = sizeClass(bindingBytes(length));
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

function push(pool: Map<number, GPUBuffer[]>, bytes: number, buffer: GPUBuffer): void {
  const list = pool.get(bytes);
  if (list) list.push(buffer);
  else pool.set(bytes, [buffer]);
}
