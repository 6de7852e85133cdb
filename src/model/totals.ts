/** Loss and metrics of an epoch, added up on the device: sums and the weights to divide them by, in one storage. */
import type { Device, Storage } from '../backend.ts';
import { TOTALS_KERNELS } from '../kernel_groups/totals.generated.ts';
import { addKernels } from '../kernel_sources.ts';
import type { StepGuard } from '../optimizers/guard.ts';
import type { Tensor } from '../tensor.ts';
import type { Logs } from './history.ts';

export interface Measure {
  readonly name: string;
  /** Applied to the mean. */
  readonly finish?: (mean: number) => number;
}

export class Totals {
  /** For each measure its sum, the sum's rounding error, and its weight; then the guard's flag, and its step in two halves. */
  private readonly storage: Storage;
  private readonly device: Device;
  private readonly measures: readonly Measure[];
  private readonly guard: StepGuard | null;

  constructor(device: Device, measures: readonly Measure[], guard: StepGuard | null) {
    this.device = device;
    this.measures = measures;
    this.guard = guard;
    this.storage = device.alloc(3 * measures.length + 3, 'float32');
    addKernels(TOTALS_KERNELS);
  }

  zero(): void {
    this.device.zero(this.storage);
  }

  /** Records that the mean over `count` samples was `mean`. */
  addMean(index: number, mean: Tensor, count: number): void {
    this.addSum(index, mean, count, count);
  }

  /** Records a weighted sum, a scalar that is multiplied by `scale`, and its weight. */
  addSum(index: number, sum: Tensor, weight: Tensor | number, scale = 1): void {
    const { device, guard, measures, storage } = this;
    const known = typeof weight === 'number';
    device.run(
      'add_metric',
      {
        sum: sum.storage,
        weight: known ? null : weight.storage,
        guard: guard?.tensor.storage ?? null,
        totals: storage,
      },
      {
        index,
        guardIndex: 3 * measures.length,
        scale,
        count: known ? weight : 0,
        hasWeight: known ? 0 : 1,
        guarded: guard ? 1 : 0,
      },
    );
  }

  /** The means by name, and the step that failed, if one did. A mean over nothing is 0, as in Keras. */
  async read(): Promise<{ logs: Logs; failedStep: number | null }> {
    const values = await this.device.read(this.storage);
    const logs: Logs = {};
    this.measures.forEach(({ name, finish }, i) => {
      const [sum, weight] = [values[3 * i], values[3 * i + 2]];
      const mean = weight === 0 ? 0 : sum / weight;
      logs[name] = finish ? finish(mean) : mean;
    });
    const [failed, high, low] = values.subarray(3 * this.measures.length);
    return { logs, failedStep: failed ? high * 2 ** 16 + low : null };
  }

  dispose(): void {
    this.device.free(this.storage);
  }
}
