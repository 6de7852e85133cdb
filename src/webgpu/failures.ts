/** What went wrong on the GPU. WebGPU reports errors late; the first one, in the order of the calls, is what the device throws. */
import { DeviceError } from '../backend.ts';

export class Failures {
  private readonly gpu: GPUDevice;
  private first: DeviceError | null = null;
  /** Resolves when WebGPU has answered for every call so far. */
  private answered: Promise<void> = Promise.resolve();

  constructor(gpu: GPUDevice) {
    this.gpu = gpu;
    void gpu.lost.then((info) => {
      this.first ??= new DeviceError(
        `the GPU device was lost (${info.reason ?? 'unknown'}): ${info.message || 'no reason given'}. Make a new one with ` +
          'webgpu(), and load the last checkpoint',
      );
    });
    gpu.addEventListener?.('uncapturederror', (event) => {
      this.first ??= new DeviceError(`WebGPU reported an error: ${event.error.message}`);
    });
  }

  throwIfAny(): void {
    if (this.first) throw this.first;
  }

  /** What WebGPU will have answered about the calls made so far; later calls are not waited for. */
  checks(): Promise<void> {
    return this.answered;
  }

  /** Adds a check to the chain; an error counts after those of the checks before it. */
  watch(check: Promise<DeviceError | null>): void {
    // A lost device rejects the check; `lost` says why.
    const answer = check.catch(() => null);
    this.answered = this.answered.then(async () => {
      const error = await answer;
      if (error) this.first ??= error;
    });
  }

  /** Calls `fn` inside an error scope of WebGPU; an error that it reports there becomes a failure. */
  guard<T>(filter: GPUErrorFilter, fn: () => T, describe: (message: string) => string): T {
    this.gpu.pushErrorScope(filter);
    const result = fn();
    const check = this.gpu.popErrorScope();
    this.watch(check.then((error) => error && new DeviceError(describe(error.message))));
    return result;
  }

  /** What to throw where reading failed: why the device was lost, or the error itself. */
  async whyUnreadable(error: unknown): Promise<Error> {
    // A lost device rejects the mapping (in Deno also reading what is mapped), perhaps before it says that it is lost.
    await Promise.race([this.gpu.lost, new Promise((done) => setTimeout(done, 100))]);
    return this.first ?? new DeviceError(`reading from the GPU failed: ${String(error)}`);
  }
}
