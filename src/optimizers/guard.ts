/**
 * Keeps a step that went wrong from doing harm, without waiting for it: where the loss or a gradient is not finite, or a
 * weight after the step would not be, a flag is latched on the device, and the optimizer kernels, those of that step included, change nothing from then on.
 * The host may look many steps later.
 */
import type { Device } from '../backend.ts';
import { show } from '../options.ts';
import { fill, Tensor } from '../tensor.ts';
import { GradientNorms } from './norms.ts';

/**
 * Keeps a step of training that went wrong from doing harm, without waiting for it. `fit` has one; a loop of your own
 * may: `check` comes before `optimizer.apply(gradients, variables, guard)`. Where the loss or a gradient is not finite,
 * a flag is latched on the device, and the optimizer changes nothing from then on; `read` tells which step it was.
 */
export class StepGuard {
  /** int32 [2]: 1 where a step failed, and its number. */
  readonly tensor: Tensor;
  /** Norms of the gradients that were checked, which clipping needs too. @internal */
  readonly norms: GradientNorms;
  /** Whether `dispose` was called. */
  disposed = false;
  private ofWeights: GradientNorms | null = null;
  private readonly device: Device;

  constructor(device: Device) {
    this.device = device;
    this.norms = new GradientNorms(device);
    this.tensor = new Tensor(device, device.alloc(2, 'int32'), [2]);
    this.reset();
  }

  /**
   * Notes on the device whether this step failed: the loss, a gradient or the norm of all gradients (whose square must
   * be a float32 number) is not finite. It comes before `optimizer.apply(gradients, variables, guard)`.
   *
   * @param loss one number
   * @param gradients null where a variable has none
   * @param step a whole number in [0, 2^31), which `read` gives back
   */
  check(loss: Tensor, gradients: readonly (Tensor | null)[], step: number): void {
    if (loss.size !== 1 || loss.dtype !== 'float32')
      throw new Error(
        `StepGuard.check: expected a loss of one float32 number, got ${loss}; take its mean`,
      );
    if (!Number.isInteger(step) || step < 0 || step >= 2 ** 31)
      throw new Error(
        `StepGuard.check: expected a step that is a whole number in [0, 2^31), got ${show(step)}`,
      );
    const present = gradients.filter((gradient) => gradient !== null);
    this.norms.measure(present, { loss, guard: this.tensor.storage, step });
  }

  /** Notes it likewise where weights, as the step would leave them, are not finite, or their norm is not. */
  checkWeights(weights: readonly Tensor[], step: number): void {
    const { device, tensor } = this;
    this.ofWeights ??= new GradientNorms(device);
    this.ofWeights.measure(weights, { loss: fill(device, [], 0), guard: tensor.storage, step });
  }

  /**
   * Whether a step failed since the last `reset`, and the first that did. The host's `optimizer.iterations` has gone on
   * by then: set it to `step` to go on from there.
   */
  async read(): Promise<{ failed: boolean; step: number }> {
    const [flag, step] = await this.tensor.data();
    return { failed: flag !== 0, step };
  }

  /** Lets the optimizers change weights again. */
  reset(): void {
    this.device.zero(this.tensor.storage);
  }

  /** Frees what it keeps on the device. */
  dispose(): void {
    this.disposed = true;
    this.norms.dispose();
    this.ofWeights?.dispose();
    this.device.free(this.tensor.storage);
  }
}
