import type { MomentOptions } from './adam.ts';
import { Optimizer } from './optimizer.ts';

/** Adamax (Kingma and Ba 2015, section 7.1): shaders/rules/adamax.wgsl. */
export class Adamax extends Optimizer {
  /** What stays of the first moment at each step. */
  declare beta1: number;
  /** What stays of the second moment. */
  declare beta2: number;
  /** Added to what is divided by. */
  declare epsilon: number;

  constructor(options: MomentOptions = {}) {
    super('adamax', options, 0.001, { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
  }

  protected override get reach() {
    return 1 / ((1 - this.beta1) * Math.min(1, this.epsilon));
  }

  protected override slotsOf() {
    return [['momentum', 0] as const, ['norm', 0] as const];
  }

  protected override paramsOf(learningRate: number) {
    const { beta1, beta2, epsilon } = this;
    const alpha = learningRate / (1 - beta1 ** (this.iterations + 1));
    return { alpha, oneMinusBeta1: 1 - beta1, beta2, epsilon };
  }
}

/**
 * Adamax (Kingma and Ba 2015, section 7.1) with learning rate 0.001: Adam with the largest gradient in place of the
 * second moment.
 */
export const adamax = (options?: MomentOptions): Adamax => new Adamax(options);
