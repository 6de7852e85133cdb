import { Optimizer } from './optimizer.ts';
import type { OptimizerOptions } from './optimizer.ts';

/** The options of `optimizers.adadelta`. */
export interface AdadeltaOptions extends OptimizerOptions {
  /** Decay of the running averages, in [0, 1); 0.95 by default. */
  rho?: number;
  /** Inside both roots; 1e-7 by default. */
  epsilon?: number;
}

/** The same value as RULE_LARGEST_MEAN in shaders/rules/adadelta.wgsl. */
const LARGEST_MEAN = 1e12;

/** Adadelta (Zeiler 2012), whose own learning rate is 1: shaders/rules/adadelta.wgsl. */
export class Adadelta extends Optimizer {
  /** What stays of the moving average at each step. */
  declare rho: number;
  /** Added to what is divided by. */
  declare epsilon: number;

  constructor(options: AdadeltaOptions = {}) {
    super('adadelta', options, 0.001, { rho: 0.95, epsilon: 1e-7 });
  }

  /** The mean square of updates is held below LARGEST_MEAN. */
  protected override get reach() {
    return Math.sqrt(LARGEST_MEAN / Math.min(1, this.epsilon));
  }

  protected override slotsOf() {
    return [['accumulated_grad', 0] as const, ['accumulated_delta_var', 0] as const];
  }

  protected override paramsOf(learningRate: number) {
    const { rho, epsilon } = this;
    return { learningRate, rho, oneMinusRho: 1 - rho, epsilon };
  }
}

/** Adadelta (Zeiler 2012) with learning rate 0.001, as in Keras. The paper has none, which is a rate of 1. */
export const adadelta = (options?: AdadeltaOptions): Adadelta => new Adadelta(options);
