/** Reading from the GPU: copies through mappable buffers that are used again, and polling for their arrival. */
import { Pool } from '../pool.ts';
import { bindingBytes, sizeClass, wordBytes } from './memory.ts';
import type { GpuStorage } from './memory.ts';

/** One poll takes about 0.1 ms; after this many, the wait of 2 ms that polling is meant to save is over. */
const MAX_POLLS = 16;
/** Where answers take longer than that, up to this many reads in a row do without polling. */
const MAX_SKIPPED = 127;
/** With so many reads under way, the program itself calls WebGPU often enough. */
const BUSY_READS = 3;

export class Readback {
  private readonly gpu: GPUDevice;
  /** Its steps are reads: between two of them may be thousands of submits. */
  readonly pool = new Pool<number, GPUBuffer>((buffer) => buffer.destroy());
  private readonly poller: Poller;

  constructor(gpu: GPUDevice) {
    this.gpu = gpu;
    this.poller = new Poller(gpu);
  }

  /** Records a copy of the storage, and returns the buffer that it goes to. */
  record(encoder: GPUCommandEncoder, storage: GpuStorage, source: GPUBuffer): GPUBuffer {
    const size = sizeClass(bindingBytes(storage.length, storage.dtype));
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    const target = this.pool.take(size) ?? this.gpu.createBuffer({ size, usage });
    encoder.copyBufferToBuffer(source, 0, target, 0, wordBytes(storage));
    return target;
  }

  /** The first bytes of a buffer from `record`, once its copy has been submitted and carried out. */
  async take(buffer: GPUBuffer, bytes: number, poll: boolean): Promise<ArrayBuffer> {
    const mapped = buffer.mapAsync(GPUMapMode.READ, 0, bytes);
    if (poll) void this.poller.pollUntil(mapped);
    await mapped;
    const copy = buffer.getMappedRange(0, bytes).slice(0);
    buffer.unmap();
    this.pool.give(buffer.size, buffer, buffer.size);
    this.pool.next();
    return copy;
  }
}

/**
 * Chromium delivers the GPU's answers whenever WebGPU is called, and otherwise only every 2 ms. So the poller makes the cheapest of
 * calls, an empty error scope, until the answer is there. Where that takes longer than MAX_POLLS (a software adapter needs the time
 * for its work), it polls for fewer and fewer reads.
 */
class Poller {
  private readonly gpu: GPUDevice;
  private waiting = 0;
  private pollsLeft = 0;
  private isPolling = false;
  /** Reads to let pass without polling: from now on, and after the next time that polling was in vain. */
  private skip = 0;
  private nextSkip = 0;

  constructor(gpu: GPUDevice) {
    this.gpu = gpu;
  }

  async pollUntil(answer: Promise<unknown>): Promise<void> {
    const arrived = (): void => {
      this.waiting--;
      this.pollsLeft = MAX_POLLS;
    };
    this.waiting++;
    answer.then(arrived, arrived);
    if (this.isPolling || this.skip-- > 0) return;
    this.isPolling = true;
    this.pollsLeft = MAX_POLLS;
    for (; this.waiting > 0 && this.waiting < BUSY_READS && this.pollsLeft > 0; this.pollsLeft--) {
      this.gpu.pushErrorScope('validation');
      await this.gpu.popErrorScope().catch(() => null);
    }
    this.isPolling = false;
    this.nextSkip = this.pollsLeft > 0 ? 0 : Math.min(2 * this.nextSkip + 1, MAX_SKIPPED);
    this.skip = this.nextSkip;
  }
}
