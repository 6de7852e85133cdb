/**
 * The plans by kernel name: of primitives that take several dispatches on a GPU, or that choose constants by shape. Every other
 * primitive is one dispatch of its kernel.
 */
import type { KernelName } from '../backend.ts';
import {
  argMax,
  categoricalCrossEntropy,
  softmax,
  softmaxCrossEntropy,
  softmaxGradient,
} from './lanes.ts';
import { matmul } from './matmul.ts';
import type { Plan } from './plan.ts';
import { reduce } from './reduce.ts';
import { sequenceBackward, sequenceForward } from './sequence.ts';
import { scatterAdd } from './scatter.ts';
import { stridedCopy } from './strided_copy.ts';

/** A constant, since software adapters compute both branches of a condition that they cannot decide when they compile. */
const adam: Plan = (device, bindings, params, variant) =>
  device.dispatch('adam', bindings, params, { ...variant, constants: { AMSGRAD: params.amsgrad } });

/** Where rows are multiples of four, elements need no division each. */
const sequenceRows: Plan = (device, bindings, params) =>
  device.dispatch('sequence_rows', bindings, params, {
    constants: { FOURS: Number(params.N % 4 === 0) },
  });

export const PLANS: Readonly<Partial<Record<KernelName, Plan>>> = {
  adam,
  arg_max: argMax,
  categorical_cross_entropy: categoricalCrossEntropy,
  matmul,
  reduce,
  scatter_add: scatterAdd,
  strided_copy: stridedCopy,
  sequence_forward: sequenceForward,
  sequence_rows: sequenceRows,
  sequence_backward: sequenceBackward,
  softmax,
  softmax_cross_entropy: softmaxCrossEntropy,
  softmax_gradient: softmaxGradient,
};
