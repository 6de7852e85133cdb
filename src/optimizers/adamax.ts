import { Optimizer } from './optimizer.ts';
import type { OptimizerOptions } from './optimizer.ts';

export interface AdamaxOptions extends OptimizerOptions {
  /** Default 0.9. */
  beta1?: number;
  /** Default 0.999. */
  beta2?: number;
  /** Default 1e-7. */
  epsilon?: number;
}

/** Adamax (Kingma and Ba 2015, section 7.1): shaders/rules/adamax.wgsl. */
export class Adamax extends Optimizer {
  declare beta1: number;
  declare beta2: number;
  declare epsilon: number;

  constructor(options: AdamaxOptions = {}) {
    super('adamax', options, 0.001, { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
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

/** `Adamax` with learning rate 0.001. */
export const adamax = (options?: AdamaxOptions): Adamax => new Adamax(options);
