/**
 * What times single dispatches. Both clocks repeat a dispatch on the data that it finds, then put back what it wrote and run it once
 * more, so that what is computed is what would be computed without them. In repetitions a kernel that updates in place finds its own
 * results; its time does not depend on them.
 */
import type { Encode, Queue } from '../observer.ts';

export interface Clock {
  readonly name: 'timestamps' | 'waiting';
  /** Milliseconds that a kernel should take in a run, repetitions included, for the clock to time it well. */
  readonly targetMs: number;
  readonly queue: Queue;
  /** Records a dispatch, and `times` repetitions of it that are timed. */
  dispatch(encode: Encode, times: number, written: readonly GPUBuffer[]): void;
  /** Resolves when everything that was submitted has reached the GPU's queue. */
  handedOver(): Promise<void>;
  /** Milliseconds of each dispatch since the last call, in their order; of all repetitions together. */
  collect(): Promise<number[]>;
  destroy(): void;
}

/** Copies of what a repeated dispatch writes; one set for all, since one dispatch is timed after the other. */
export class Saved {
  private readonly device: GPUDevice;
  private readonly copies: GPUBuffer[] = [];
  private readonly outgrown: GPUBuffer[] = [];

  constructor(device: GPUDevice) {
    this.device = device;
  }

  save(encoder: GPUCommandEncoder, buffers: readonly GPUBuffer[]): void {
    buffers.forEach((buffer, i) => {
      if ((this.copies[i]?.size ?? 0) < buffer.size) {
        if (this.copies[i]) this.outgrown.push(this.copies[i]);
        const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
        this.copies[i] = this.device.createBuffer({ label: 'profile', size: buffer.size, usage });
      }
      encoder.copyBufferToBuffer(buffer, 0, this.copies[i], 0, buffer.size);
    });
  }

  restore(encoder: GPUCommandEncoder, buffers: readonly GPUBuffer[]): void {
    buffers.forEach((buffer, i) =>
      encoder.copyBufferToBuffer(this.copies[i], 0, buffer, 0, buffer.size),
    );
  }

  destroy(): void {
    for (const buffer of [...this.copies, ...this.outgrown]) buffer.destroy();
  }
}

export function once(encoder: GPUCommandEncoder, encode: Encode): void {
  const pass = encoder.beginComputePass();
  encode(pass, 1);
  pass.end();
}
