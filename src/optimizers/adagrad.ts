import { Optimizer } from './optimizer.ts';
import type { OptimizerOptions } from './optimizer.ts';

/** The options of `optimizers.adagrad`. */
export interface AdagradOptions extends OptimizerOptions {
  /** What the sum of squares starts from; 0.1 by default. */
  initialAccumulatorValue?: number;
  /** Inside the root; 1e-7 by default. */
  epsilon?: number;
}

/** Adagrad (Duchi, Hazan and Singer 2011): shaders/rules/adagrad.wgsl. */
export class Adagrad extends Optimizer {
  /** What the sums of squares begin with. */
  declare readonly initialAccumulatorValue: number;
  /** Added to what is divided by. */
  declare epsilon: number;

  constructor(options: AdagradOptions = {}) {
    super('adagrad', options, 0.001, { initialAccumulatorValue: 0.1, epsilon: 1e-7 });
  }

  protected override get reach() {
    return 1 / Math.sqrt(Math.min(1, this.epsilon));
  }

  protected override slotsOf() {
    return [['accumulator', this.initialAccumulatorValue] as const];
  }

  protected override paramsOf(learningRate: number) {
    return { learningRate, epsilon: this.epsilon };
  }
}

/** Adagrad (Duchi, Hazan and Singer 2011) with learning rate 0.001. */
export const adagrad = (options?: AdagradOptions): Adagrad => new Adagrad(options);
