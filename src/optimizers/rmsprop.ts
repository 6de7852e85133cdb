import type { Device, Storage } from '../backend.ts';
import { Optimizer } from './optimizer.ts';
import type { Common, OptimizerOptions } from './optimizer.ts';

export interface RMSpropOptions extends OptimizerOptions {
  /** Decay of the running averages; default 0.9. */
  rho?: number;
  /** Default 0. */
  momentum?: number;
  /** Inside the root; default 1e-7. */
  epsilon?: number;
  /** Whether to divide by the variance of the gradient instead of its mean square. */
  centered?: boolean;
}

/** RMSprop (Hinton 2012), centered (Graves 2013) or not: shaders/rmsprop.wgsl. */
export class RMSprop extends Optimizer {
  declare rho: number;
  declare momentum: number;
  declare epsilon: number;
  declare readonly centered: boolean;

  constructor(options: RMSpropOptions = {}) {
    const own = { rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false };
    super('rmsprop', options, 0.001, own);
  }

  protected override slotsOf() {
    const names = ['velocity'];
    if (this.centered) names.push('average_gradient');
    if (this.momentum > 0) names.push('momentum');
    return names.map((name) => [name, 0] as const);
  }

  protected override update(
    device: Device,
    { bindings, params }: Common,
    [velocity, ...others]: readonly Storage[],
    learningRate: number,
  ): void {
    const { rho, epsilon, momentum } = this;
    const average = this.centered ? others.shift()! : null;
    const change = others.shift() ?? null;
    const own = { learningRate, rho, oneMinusRho: 1 - rho, epsilon, momentum };
    const flags = { hasMomentum: change ? 1 : 0, centered: average ? 1 : 0 };
    device.run(
      'rmsprop',
      { ...bindings, velocity, average, change },
      { ...params, ...own, ...flags },
    );
  }
}

/** `RMSprop` with learning rate 0.001. */
export const rmsprop = (options?: RMSpropOptions): RMSprop => new RMSprop(options);
