import { Optimizer } from './optimizer.ts';
import type { OptimizerOptions } from './optimizer.ts';

/** The options of `optimizers.sgd`. */
export interface SGDOptions extends OptimizerOptions {
  /** In [0, 1]; 0 by default. */
  momentum?: number;
  /** Whether the momentum looks ahead (Nesterov's form); false by default. */
  nesterov?: boolean;
}

/** Stochastic gradient descent, with momentum or Nesterov's form of it: shaders/rules/sgd.wgsl. */
export class SGD extends Optimizer {
  /** What stays of the last change. */
  declare momentum: number;
  /** Whether the gradient looks ahead. */
  declare readonly nesterov: boolean;

  constructor(options: SGDOptions = {}) {
    super('sgd', options, 0.01, { momentum: 0, nesterov: false });
  }

  protected override get reach() {
    return 2 * Math.min(1 / (1 - this.momentum), this.iterations + 1);
  }

  protected override slotsOf() {
    return this.momentum === 0 ? [] : [['momentum', 0] as const];
  }

  protected override paramsOf(learningRate: number) {
    return { learningRate, momentum: this.momentum, nesterov: Number(this.nesterov) };
  }
}

/** Stochastic gradient descent with learning rate 0.01: w -= learningRate · gradient, or with a momentum. */
export const sgd = (options?: SGDOptions): SGD => new SGD(options);
