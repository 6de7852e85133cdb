import { Optimizer } from './optimizer.ts';
import type { OptimizerOptions } from './optimizer.ts';

/** The options that Adam, Adamax and Nadam share. */
export interface MomentOptions extends OptimizerOptions {
  /** What stays of the first moment at each step, in [0, 1); 0.9 by default. */
  beta1?: number;
  /** What stays of the second moment, in [0, 1); 0.999 by default. */
  beta2?: number;
  /** Added to the root of the second moment, outside of the bias correction (ε̂ of the paper); 1e-7 by default. */
  epsilon?: number;
}

/** The options of `optimizers.adam` and `optimizers.adamw`. */
export interface AdamOptions extends MomentOptions {
  /** Whether to divide by the largest second moment so far (Reddi, Kale and Kumar 2018); false by default. */
  amsgrad?: boolean;
}

/** Adam (Kingma and Ba 2015): shaders/rules/adam.wgsl. */
export class Adam extends Optimizer {
  /** What stays of the first moment at each step. */
  declare beta1: number;
  /** What stays of the second moment. */
  declare beta2: number;
  /** Added to what is divided by. */
  declare epsilon: number;
  /** Whether the largest second moment so far counts. */
  declare readonly amsgrad: boolean;

  constructor(options: AdamOptions = {}, name?: string, weightDecay: number | null = null) {
    const own = { weightDecay, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, amsgrad: false };
    super('adam', options, 0.001, own, name);
  }

  protected override get reach() {
    return 1 / ((1 - this.beta1) * Math.min(1, this.epsilon));
  }

  protected override slotsOf() {
    const largest = this.amsgrad ? (['velocity_hat', 0] as const) : null;
    return [['momentum', 0] as const, ['velocity', 0] as const, largest];
  }

  protected override paramsOf(learningRate: number) {
    const { beta1, beta2, epsilon } = this;
    const t = this.iterations + 1;
    const alpha = (learningRate * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t);
    return { alpha, oneMinusBeta1: 1 - beta1, oneMinusBeta2: 1 - beta2, epsilon };
  }
}

/**
 * Adam (Kingma and Ba 2015) with learning rate 0.001: w -= α m / (√v + ε), α = learningRate · √(1 - β₂ᵗ) / (1 - β₁ᵗ),
 * as in Keras.
 *
 * @throws Error where an option is out of its range
 * @example
 * ```js
 * const optimizer = optimizers.adam({
 *   learningRate: schedules.cosineDecay({ initialLearningRate: 1e-3, decaySteps: 10_000 }),
 *   globalClipNorm: 1,
 * });
 * ```
 */
export const adam = (options?: AdamOptions): Adam => new Adam(options);

/** `adam` with weight decay 0.004 (Loshchilov and Hutter 2019). */
export const adamw = (options?: AdamOptions): Adam => new Adam(options, 'adamw', 0.004);
