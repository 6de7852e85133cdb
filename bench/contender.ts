/** The interface between a contender and the measuring loop. */
import type { Workload } from './workloads.ts';

/** A prepared workload. */
export interface Task {
  /** One repetition: a training step whose loss is read back, or an inference whose output is read back. */
  step(): Promise<StepResult>;
  /** Numbers from the output of the last step by which contenders are compared (see `sample`). */
  output?(): Promise<number[]>;
  /** Further figures for the row. */
  facts?(): Record<string, number>;
}

export interface StepResult {
  /** The training loss before the step's update. */
  loss?: number;
  /** The duration in milliseconds, if it is not that of the call. */
  milliseconds?: number;
}

export interface Contender {
  /** The adapter, or the backend and its number of threads. */
  readonly description: string;
  /** @param variant which variant to measure; '' is the one that other contenders are compared with */
  prepare(workload: Workload, variant: string): Promise<Task>;
}

export interface ContenderModule {
  open(): Promise<Contender>;
}
