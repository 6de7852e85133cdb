/** The wall clock, where a GPU shows no clock of its own. */
import type { Encode, ObservableDevice, Queue } from '../observer.ts';
import { once, Saved } from './clock.ts';
import type { Clock } from './clock.ts';

/**
 * Each dispatch is a submit of its own, between two waits; the wait for an empty submit is subtracted. The function that is profiled
 * does not wait while it records, so what it submits is put off until it reads or ends.
 */
export class WaitingClock implements Clock {
  readonly name = 'waiting';
  readonly targetMs = 20;
  readonly queue: Queue;
  private readonly device: ObservableDevice;
  private readonly gpu: GPUDevice;
  private readonly saved: Saved;
  private readonly tasks: (() => void | Promise<void>)[] = [];
  private running: Promise<void> = Promise.resolve();
  private durations: number[] = [];
  private readonly emptyMs: number;

  /** @param emptyMs milliseconds until an empty submit is reported done */
  constructor(device: ObservableDevice, emptyMs: number) {
    this.device = device;
    this.gpu = device.gpu;
    this.emptyMs = emptyMs;
    this.saved = new Saved(device.gpu);
    const { queue } = device.gpu;
    this.queue = {
      submit: (commands) => {
        const list = [...commands];
        this.tasks.push(() => queue.submit(list));
      },
      writeBuffer: (buffer, offset, data, dataOffset = 0, size?: number) => {
        // The device passes buffers and never views, so all sizes are in bytes.
        const copy = (data as ArrayBuffer).slice(dataOffset, size && dataOffset + size);
        this.tasks.push(() => queue.writeBuffer(buffer, offset, copy));
      },
    };
  }

  dispatch(encode: Encode, times: number, written: readonly GPUBuffer[]): void {
    const { device, gpu } = this;
    if (times > 1) this.saved.save(device.commands(), written);
    device.submit();
    let began = 0;
    this.tasks.push(async () => {
      await gpu.queue.onSubmittedWorkDone();
      began = performance.now();
    });
    const pass = device.commands().beginComputePass();
    encode(pass, times);
    pass.end();
    device.submit();
    this.tasks.push(async () => {
      await gpu.queue.onSubmittedWorkDone();
      this.durations.push(Math.max(0, performance.now() - began - this.emptyMs));
    });
    if (times > 1) {
      this.saved.restore(device.commands(), written);
      once(device.commands(), encode);
      // Before another dispatch takes the place of this one's parameters.
      device.submit();
    }
  }

  handedOver(): Promise<void> {
    this.running = this.running.then(async () => {
      for (let task = this.tasks.shift(); task; task = this.tasks.shift()) await task();
    });
    return this.running;
  }

  async collect(): Promise<number[]> {
    await this.handedOver();
    const { durations } = this;
    this.durations = [];
    return durations;
  }

  destroy(): void {
    this.saved.destroy();
  }
}
