/** What a plan is: how a primitive that takes several dispatches, or has variants, is carried out on a GPU. */
import type { Device, KernelName, SequenceOptions, Storage, Variant } from '../backend.ts';

export type Plan = (
  device: PlanDevice,
  bindings: Readonly<Record<string, Storage | null>>,
  params: Readonly<Record<string, number>>,
  variant: Variant,
) => void;

/** What a plan needs of the device. */
export interface PlanDevice extends Pick<Device, 'limits' | 'alloc' | 'free' | 'zero'> {
  /** The limits of WebGPU itself, such as that on workgroup memory. */
  readonly gpuLimits: GPUSupportedLimits;
  /** Whether a CPU carries out what the GPU is asked for. */
  readonly isSoftware: boolean;
  /** Whether that is Mesa's llvmpipe. */
  readonly isLlvmpipe: boolean;
  readonly sequence: Readonly<SequenceOptions>;
  /**
   * Which of several variants runs: the one that `Device.choices` has under this key, else the first, which is the rule's. Where the
   * choice is not `free`, it is the first in any case.
   */
  choose<V extends { readonly name: string }>(
    key: string,
    variants: readonly V[],
    free?: boolean,
  ): V;
  /** One dispatch of one kernel. */
  dispatch(
    kernel: KernelName,
    bindings: Readonly<Record<string, Storage | null>>,
    params: Readonly<Record<string, number>>,
    variant?: Variant,
  ): void;
}
