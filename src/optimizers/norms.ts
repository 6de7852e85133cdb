/** L2 norms of a step's gradients, measured and kept on the device. */
import type { Device, Storage } from '../backend.ts';
import type { Tensor } from '../tensor.ts';

/** As in shaders/squares.wgsl: the partial sums of a gradient. */
const PARTS = 64;

/** A loss to look at, and where to note that it or a gradient is not finite. */
export interface Latch {
  readonly loss: Tensor;
  readonly guard: Storage;
  readonly step: number;
}

export class GradientNorms {
  private readonly device: Device;
  private parts: Storage | null = null;
  private norms: Storage | null = null;
  private measured: readonly Tensor[] = [];

  constructor(device: Device) {
    this.device = device;
  }

  /** One dispatch a gradient and one for all of them. */
  measure(gradients: readonly Tensor[], latch?: Latch): void {
    const { parts, norms } = this.reserve(gradients.length);
    gradients.forEach((gradient, i) => {
      const params = { size: gradient.size, first: i * PARTS };
      this.device.run('squares', { gradient: gradient.storage, parts }, params);
    });
    this.device.run(
      'norms',
      { parts, loss: latch?.loss.storage ?? null, norms, guard: latch?.guard ?? null },
      { count: gradients.length, guarded: latch ? 1 : 0, step: latch?.step ?? 0 },
    );
    this.measured = gradients;
  }

  /**
   * The norms of these gradients, if they are those that were measured last: [all, gradient 0, gradient 1, ...]. They
   * are given out once, since a tensor may hold other numbers in the next step.
   */
  take(gradients: readonly Tensor[]): Storage | null {
    const same =
      gradients.length === this.measured.length &&
      gradients.every((gradient, i) => gradient === this.measured[i]);
    this.measured = [];
    return same ? this.norms : null;
  }

  dispose(): void {
    for (const storage of [this.parts, this.norms]) if (storage) this.device.free(storage);
    this.parts = this.norms = null;
  }

  private reserve(count: number): { parts: Storage; norms: Storage } {
    if (!this.parts || !this.norms || this.norms.length <= count) {
      this.dispose();
      // Not `allocate`: they outlive the scope of a step.
      this.parts = this.device.alloc(2 * PARTS * Math.max(1, count), 'float32');
      this.norms = this.device.alloc(1 + count, 'float32');
    }
    return { parts: this.parts, norms: this.norms };
  }
}
