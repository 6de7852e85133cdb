/**
 * The plans by kernel name: of primitives that take several dispatches on a GPU, or that choose constants by shape. Every other
 * primitive is one dispatch of its kernel.
 */
import type { KernelName } from '../backend.ts';
import { argMax, classCrossEntropy, softmax, softmaxGradient } from './lanes.ts';
import { matmul } from './matmul.ts';
import type { Plan } from './plan.ts';
import { reduce } from './reduce.ts';
import { sequenceBackward, sequenceForward } from './sequence.ts';
import { scatterAdd } from './scatter.ts';
import { stridedCopy } from './strided_copy.ts';

/** Integers have a kernel of their own. */
const binary: Plan = (device, bindings, params, variant) =>
  device.dispatch(variant.constants?.INT ? 'binary_int' : 'binary', bindings, params, variant);

/** Where rows are multiples of four, elements need no division each. */
const timeMajor: Plan = (device, bindings, params) =>
  device.dispatch('time_major', bindings, params, {
    constants: { FOURS: Number(params.N % 4 === 0) },
  });

export const PLANS: Readonly<Partial<Record<KernelName, Plan>>> = {
  arg_max: argMax,
  binary,
  class_cross_entropy: classCrossEntropy,
  matmul,
  reduce,
  scatter_add: scatterAdd,
  strided_copy: stridedCopy,
  sequence_forward: sequenceForward,
  sequence_backward: sequenceBackward,
  time_major: timeMajor,
  softmax,
  softmax_gradient: softmaxGradient,
};
