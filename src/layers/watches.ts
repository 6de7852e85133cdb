/** What layers show their steps to while they are traced: trace.ts. */
import type { FoldWatch } from '../ops/fold_plan.ts';
import type { Tensor } from '../tensor.ts';

/** What a cell leaves after a step, in the order of its outputs and states. */
export interface AfterStep {
  readonly outputs: readonly Tensor[];
  readonly states: readonly Tensor[];
}

/** How masked steps go: the mask, int32 [batch, time] or null, and whether their outputs are zero. */
export interface StepMasks {
  readonly mask: Tensor | null;
  readonly zeroOutputForMask: boolean;
}

/** Sees a cell that goes step by step. */
export interface StepWatch {
  /**
   * After each step, in the order of processing.
   *
   * @param t the time step of the input
   * @param made what the cell has returned
   * @param kept that, but in rows that are masked what they show instead
   * @returns what to go on with in place of `kept`
   */
  step(t: number, made: AfterStep, kept: AfterStep, masks: StepMasks): AfterStep;
}

/** Sees a linear recurrence, whose steps are computed at once. */
export interface ScanWatch {
  /**
   * @param x the input that the gates follow from
   * @param a by what each state goes into the next one, as `ops.scan` takes it
   * @param states after each step, [batch, time, features]
   * @param mask int32 [batch, time], null where no step is masked
   * @returns what to go on with in place of `states`
   */
  scan(x: Tensor, a: Tensor, states: Tensor, mask: Tensor | null): Tensor;
}

/** By how a layer goes through a sequence. */
export interface Watches {
  readonly fold: FoldWatch;
  readonly steps: StepWatch;
  readonly scan: ScanWatch;
}
