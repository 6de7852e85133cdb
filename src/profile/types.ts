/** What a profile and an autotune are asked for and give. */
import type { Ceilings } from '../webgpu/public_types.ts';

/** How `profile` measures. */
export interface ProfileOptions {
  /** How often the function is timed; the medians count; 5. It is called 2 + 2·repeats times. */
  repeats?: number;
  /** Whether the GPU's own clock may be used, where the device has `timestamp-query`; true. */
  timestamps?: boolean;
}

/** All dispatches of a kernel that have one cell and one size, in one run. */
export interface KernelProfile {
  /** The file in shaders/. */
  readonly name: string;
  /** Cell and sizes, where the work depends on them (M×N×K of a product), and the variant that ran. */
  readonly variant: string;
  /** How often it ran. */
  readonly dispatches: number;
  /** Milliseconds of all of them together. */
  readonly ms: number;
  /** The part of the time of all kernels, 0 to 1. */
  readonly share: number;
  /** Operations of its matrix products, masked steps and padding included; nothing else is counted. */
  readonly flops: number;
  /** Read and written, each element of what is bound once. */
  readonly bytes: number;
  /** `flops` by time; null where there are none. */
  readonly gflops: number | null;
  /** `bytes` by time. */
  readonly gbPerS: number;
}

/** Where the time goes in one run of a function. */
export interface Profile {
  /** Wall time of a run as it is, from the call until the device is done. */
  readonly ms: number;
  /** Sum over its kernels, each timed by itself; the rest of `ms` is recording, copies and waiting. */
  readonly kernelMs: number;
  /** What kernels were timed by: the GPU's own clock, or the time until the device was done. */
  readonly clock: 'timestamps' | 'waiting';
  /** Compute dispatches of a run. */
  readonly dispatches: number;
  /** Copies between buffers of a run. */
  readonly copies: number;
  /** Command buffers handed over in a run. */
  readonly submits: number;
  /** Read and written by kernels. */
  readonly bytes: number;
  /** Sent to the device: data and parameters. */
  readonly uploadedBytes: number;
  /** What the device can do at most, measured. */
  readonly ceilings: Ceilings;
  /** The longest first. */
  readonly kernels: readonly KernelProfile[];
  /** As a table. */
  toString(): string;
}

/** How `autotune` measures, and when it chooses. */
export interface TuneOptions {
  /** How often each variant is timed; the median counts; 3. The function is called 1 + (2 + repeats)·variants times. */
  repeats?: number;
  /** The part of the rule's time, 0 to 1, that another variant has to save to be chosen; 0.05. */
  gain?: number;
}

/** A kernel of one size that has variants, and the time of each. */
export interface Tuning {
  /** Its key in `Device.choices`. */
  readonly key: string;
  /** The variant that `device.choices` has now. */
  readonly chosen: string;
  /** The variant that runs without a choice. */
  readonly byRule: string;
  /** Milliseconds of one run, by variant. */
  readonly ms: Readonly<Record<string, number>>;
}
