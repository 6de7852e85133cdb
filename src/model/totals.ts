/** Loss and metrics of an epoch, summed on the device: sums and what they are divided by, in one storage. */
import type { Device, NumericArray, Storage } from '../backend.ts';
import type { StepGuard } from '../optimizers/guard.ts';
import type { Tensor } from '../tensor.ts';
import type { Logs } from './history.ts';

export interface Measure {
  readonly name: string;
  /** Applied to the mean in the end. */
  readonly finish?: ((mean: number) => number) | undefined;
}

export class Totals {
  /** For each measure its sum, what rounding took off it, and its weight; then the guard's flag, and its step in halves. */
  readonly storage: Storage;
  private readonly device: Device;
  private readonly measures: readonly Measure[];
  private readonly guard: StepGuard | null;

  constructor(device: Device, measures: readonly Measure[], guard: StepGuard | null) {
    this.device = device;
    this.measures = measures;
    this.guard = guard;
    this.storage = device.alloc(3 * measures.length + 3, 'float32');
  }

  zero(): void {
    this.device.zero(this.storage);
  }

  /** Records that the mean over `count` samples was `mean`. */
  addMean(index: number, mean: Tensor, count: number): void {
    this.add(index, mean, null, count, count);
  }

  /** Records a weighted sum, a scalar, and its weight. */
  addSum(index: number, sum: Tensor, weight: Tensor | number): void {
    if (typeof weight === 'number') this.add(index, sum, null, 1, weight);
    else this.add(index, sum, weight, 1, 0);
  }

  private add(
    index: number,
    sum: Tensor,
    weight: Tensor | null,
    scale: number,
    count: number,
  ): void {
    const { device, guard, measures, storage } = this;
    device.run(
      'add_metric',
      {
        sum: sum.storage,
        weight: weight?.storage ?? null,
        guard: guard?.tensor.storage ?? null,
        totals: storage,
      },
      {
        index,
        guardIndex: 3 * measures.length,
        scale,
        count,
        hasWeight: weight ? 1 : 0,
        guarded: guard ? 1 : 0,
      },
    );
  }

  /** What was read: the means by name, and the step that failed. A mean over nothing is 0, as in Keras. */
  interpret(values: NumericArray): { logs: Logs; failedStep: number | null } {
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
