import type { MomentOptions } from './adam.ts';
import { Optimizer } from './optimizer.ts';

/** Adam with Nesterov's momentum (Dozat 2016): shaders/rules/nadam.wgsl. */
export class Nadam extends Optimizer {
  /** What stays of the first moment at each step. */
  declare beta1: number;
  /** What stays of the second moment. */
  declare beta2: number;
  /** Added to what is divided by. */
  declare epsilon: number;

  constructor(options: MomentOptions = {}) {
    super('nadam', options, 0.001, { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
  }

  protected override get reach() {
    return 2 / ((1 - this.beta1) * Math.min(1, this.epsilon));
  }

  protected override slotsOf() {
    return [['momentum', 0] as const, ['velocity', 0] as const];
  }

  protected override paramsOf(learningRate: number) {
    const { beta1, beta2, epsilon } = this;
    const t = this.iterations + 1;
    const product = this.product(t);
    const next = this.momentumAt(t + 1);
    return {
      learningRate,
      oneMinusBeta1: 1 - beta1,
      oneMinusBeta2: 1 - beta2,
      epsilon,
      momentumScale: next / (1 - product * next),
      gradientScale: (1 - this.momentumAt(t)) / (1 - product),
      velocityScale: 1 / (1 - beta2 ** t),
    };
  }

  private momentumAt(step: number): number {
    return this.beta1 * (1 - 0.5 * 0.96 ** step);
  }

  /** Of the momenta up to a step; it is found anew, so that a restored optimizer needs nothing but its step. */
  private product(step: number): number {
    let product = 1;
    // What is smaller does not show in 1 - product.
    for (let t = 1; t <= step && product > 2 ** -60; t++) product *= this.momentumAt(t);
    return product;
  }
}

/** Adam with Nesterov's momentum (Dozat 2016), with learning rate 0.001. */
export const nadam = (options?: MomentOptions): Nadam => new Nadam(options);
