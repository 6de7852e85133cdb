import { Optimizer } from './optimizer.ts';
import type { OptimizerOptions } from './optimizer.ts';

/** The options that Adam, Adamax and Nadam share. */
export interface MomentOptions extends OptimizerOptions {
  /** Default 0.9. */
  beta1?: number;
  /** Default 0.999. */
  beta2?: number;
  /** Outside of the bias correction; default 1e-7. */
  epsilon?: number;
}

export interface AdamOptions extends MomentOptions {
  /** Whether to divide by the largest second moment so far (Reddi, Kale and Kumar 2018). */
  amsgrad?: boolean;
}

/** Adam (Kingma and Ba 2015): shaders/rules/adam.wgsl. */
export class Adam extends Optimizer {
  declare beta1: number;
  declare beta2: number;
  declare epsilon: number;
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

/** `Adam` with learning rate 0.001. */
export const adam = (options?: AdamOptions): Adam => new Adam(options);

/** `Adam` with learning rate 0.001 and weight decay 0.004 (Loshchilov and Hutter 2019). */
export const adamw = (options?: AdamOptions): Adam => new Adam(options, 'adamw', 0.004);
