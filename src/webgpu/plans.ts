/** Primitives that take several dispatches on a GPU, by name. Everything else is one dispatch of its kernel. */
import type { KernelName, Storage, Variant } from '../backend.ts';
import type { WebGPUDevice } from './device.ts';
import { matmul } from './matmul.ts';
import { sequenceBackward, sequenceForward } from './sequence.ts';
import { scatterAdd } from './scatter.ts';
import { stridedCopy } from './strided_copy.ts';

export type Plan = (
  device: WebGPUDevice,
  bindings: Readonly<Record<string, Storage | null>>,
  params: Readonly<Record<string, number>>,
  variant: Variant,
) => void;

export const PLANS: Readonly<Partial<Record<KernelName, Plan>>> = {
  matmul,
  scatter_add: scatterAdd,
  strided_copy: stridedCopy,
  sequence_forward: sequenceForward,
  sequence_backward: sequenceBackward,
};
