/**
 * What times single dispatches. Both clocks repeat a dispatch on the data that it finds and put back what it wrote before it
 * counts, so that what is computed is what would be computed without them. In repetitions a kernel that updates in place
 * finds its own results; its time does not depend on them.
 */
/** What the device hands its commands and its data to. */
export type Queue = Pick<GPUQueue, 'submit' | 'writeBuffer'>;
export type Encode = (pass: GPUComputePassEncoder, times: number) => void;

export interface Clock {
  readonly name: 'timestamps' | 'waiting';
  /** What a kernel should take in a run, repetitions included, for the clock to be good for it, in milliseconds. */
  readonly targetMs: number;
  readonly queue: Queue;
  /** Records a dispatch and what is needed to time `times` of it. */
  dispatch(encode: Encode, times: number, written: readonly GPUBuffer[]): void;
  /** Everything that was recorded is on the GPU's queue when this resolves. */
  handedOver(): Promise<void>;
  /** Milliseconds of each dispatch since this was last called, in their order; of all repetitions together. */
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
