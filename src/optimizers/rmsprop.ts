import { Optimizer } from './optimizer.ts';
import type { OptimizerOptions } from './optimizer.ts';

/** The options of `optimizers.rmsprop`. */
export interface RMSpropOptions extends OptimizerOptions {
  /** Decay of the running averages, in [0, 1); 0.9 by default. */
  rho?: number;
  /** In [0, 1]; 0 by default. */
  momentum?: number;
  /** Inside the root; 1e-7 by default. */
  epsilon?: number;
  /** Whether to divide by the variance of the gradient instead of its mean square (Graves 2013); false by default. */
  centered?: boolean;
}

/** RMSprop (Hinton 2012), centered (Graves 2013) or not: shaders/rules/rmsprop.wgsl. */
export class RMSprop extends Optimizer {
  /** What stays of the moving average at each step. */
  declare rho: number;
  /** What stays of the last change. */
  declare momentum: number;
  /** Added to what is divided by. */
  declare epsilon: number;
  /** Whether the variance counts instead of the mean square. */
  declare readonly centered: boolean;

  constructor(options: RMSpropOptions = {}) {
    const own = { rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false };
    super('rmsprop', options, 0.001, own);
  }

  protected override get reach() {
    return 1 / (Math.sqrt(Math.min(1, this.epsilon)) * (1 - this.momentum));
  }

  protected override slotsOf() {
    return [
      ['velocity', 0] as const,
      this.centered ? (['average_gradient', 0] as const) : null,
      this.momentum > 0 ? (['momentum', 0] as const) : null,
    ];
  }

  protected override paramsOf(learningRate: number) {
    const { rho, epsilon, momentum } = this;
    return { learningRate, rho, oneMinusRho: 1 - rho, epsilon, momentum };
  }
}

/** RMSprop (Hinton 2012) with learning rate 0.001. */
export const rmsprop = (options?: RMSpropOptions): RMSprop => new RMSprop(options);
