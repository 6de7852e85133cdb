/** The wall clock, where a GPU shows no clock of its own. */
import type { WebGPUDevice } from './device.ts';
import { once, Saved } from './profile_clock.ts';
import type { Clock, Encode, Queue } from './profile_clock.ts';

/**
 * Each dispatch is a submit of its own, between two waits, less what waiting for nothing takes. The function that is profiled
 * records without waiting, so what it hands over is put off until it reads, or has come to its end.
 */
export class WaitingClock implements Clock {
  readonly name = 'waiting';
  readonly targetMs = 20;
  readonly queue: Queue;
  private readonly device: WebGPUDevice;
  private readonly gpu: GPUDevice;
  private readonly saved: Saved;
  private readonly tasks: (() => void | Promise<void>)[] = [];
  private running: Promise<void> = Promise.resolve();
  private durations: number[] = [];
  private readonly emptyMs: number;

  /** @param emptyMs what it takes to hear that a submit of nothing is done */
  constructor(device: WebGPUDevice, gpu: GPUDevice, emptyMs: number) {
    this.device = device;
    this.gpu = gpu;
    this.emptyMs = emptyMs;
    this.saved = new Saved(gpu);
    const { queue } = gpu;
    this.queue = {
      submit: (buffers) => {
        const list = [...buffers];
        this.tasks.push(() => queue.submit(list));
        return undefined;
      },
      writeBuffer: (buffer, offset, data, dataOffset = 0, size?: number) => {
        // In bytes, as the device calls it with buffers and never with views.
        const copy = (data as ArrayBuffer).slice(dataOffset, size && dataOffset + size);
        this.tasks.push(() => queue.writeBuffer(buffer, offset, copy));
        return undefined;
      },
    };
  }

  dispatch(encode: Encode, times: number, written: readonly GPUBuffer[]): void {
    const { device, gpu } = this;
    if (times > 1) this.saved.save(device.leavePass(), written);
    device.submit();
    let began = 0;
    this.tasks.push(async () => {
      await gpu.queue.onSubmittedWorkDone();
      began = performance.now();
    });
    const pass = device.leavePass().beginComputePass();
    encode(pass, times);
    pass.end();
    device.submit();
    this.tasks.push(async () => {
      await gpu.queue.onSubmittedWorkDone();
      this.durations.push(Math.max(0, performance.now() - began - this.emptyMs));
    });
    if (times > 1) {
      this.saved.restore(device.leavePass(), written);
      once(device.leavePass(), encode);
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
