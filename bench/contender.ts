/** What a contender is to the measuring loop. */
import type { Workload } from './workloads.ts';

/** A workload that stands ready. */
export interface Task {
  /** One repetition: a step of training with its loss read back, or an inference with its output read back. */
  step(): Promise<StepResult>;
  /** Numbers by which contenders are compared (see `sample`), of the last step. */
  output?(): Promise<number[]>;
  /** What else goes into the row. */
  facts?(): Record<string, number>;
}

export interface StepResult {
  /** Of training; before the step's update. */
  loss?: number;
  /** Milliseconds, where a repetition is not what its call takes. */
  milliseconds?: number;
}

export interface Contender {
  /** What computes: the adapter, or the backend with its threads. */
  readonly description: string;
  /** @param variant what of the contender is measured; '' is what others are compared with */
  prepare(workload: Workload, variant: string): Promise<Task>;
}

export interface ContenderModule {
  open(): Promise<Contender>;
}
