import type { Device, Storage } from '../backend.ts';
import { Optimizer } from './optimizer.ts';
import type { Common, OptimizerOptions } from './optimizer.ts';

export interface SGDOptions extends OptimizerOptions {
  /** In [0, 1]; default 0. */
  momentum?: number;
  nesterov?: boolean;
}

/** Stochastic gradient descent, with momentum or Nesterov's form of it: shaders/sgd.wgsl. */
export class SGD extends Optimizer {
  declare momentum: number;
  declare readonly nesterov: boolean;

  constructor(options: SGDOptions = {}) {
    super('sgd', options, 0.01, { momentum: 0, nesterov: false });
    const { momentum } = this;
    if (!(momentum >= 0 && momentum <= 1))
      throw new Error(`sgd: momentum must be in [0, 1], got ${momentum}`);
  }

  protected override slotsOf() {
    return this.momentum === 0 ? [] : [['momentum', 0] as const];
  }

  protected override update(
    device: Device,
    { bindings, params }: Common,
    [velocity = null]: readonly (Storage | null)[],
    learningRate: number,
  ): void {
    const { momentum } = this;
    const flags = { hasVelocity: velocity ? 1 : 0, nesterov: this.nesterov ? 1 : 0 };
    device.run('sgd', { ...bindings, velocity }, { ...params, learningRate, momentum, ...flags });
  }
}

/** `SGD` with learning rate 0.01. */
export const sgd = (options?: SGDOptions): SGD => new SGD(options);
