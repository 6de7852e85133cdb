/**
 * The plans by kernel name: of primitives that take several dispatches on a GPU, or that choose constants by shape. Every other
 * primitive is one dispatch of its kernel. A group of kernels brings the plans that its files name.
 */
import type { KernelName } from '../backend.ts';
import { added } from '../kernel_sources.ts';
import { matmul } from './matmul.ts';
import type { Plan } from './plan.ts';
import { reduce } from './reduce.ts';
import { sequenceBackward, sequenceForward } from './sequence.ts';
import { stridedCopy } from './strided_copy.ts';

/** Integers have a kernel of their own. */
const binary: Plan = (device, bindings, params, variant) =>
  device.dispatch(variant.constants?.INT ? 'binary_int' : 'binary', bindings, params, variant);

/** Where rows are multiples of four, elements need no division each. */
const timeMajor: Plan = (device, bindings, params) =>
  device.dispatch('time_major', bindings, params, {
    constants: { FOURS: Number(params.N % 4 === 0) },
  });

type Params = Parameters<Plan>[2];

/** A kernel that computes a long row with a whole workgroup, and a short one with one thread, since barriers would cost more. */
const along =
  (kernel: KernelName, lanesOf: (params: Params) => number): Plan =>
  (device, bindings, params, variant) => {
    const constants = { ...variant.constants, LANES: lanesOf(params) };
    device.dispatch(kernel, bindings, params, { constants });
  };

/** Only where a row is contiguous. */
const ofAxis = ({ rows, columns }: Params): number => (columns === 1 && rows > 256 ? 64 : 1);
const ofRow = ({ columns }: Params): number => (columns > 256 ? 64 : 1);
const ofClasses = ({ classes }: Params): number => (classes <= 1024 ? 1 : 32);

const PLANS: Partial<Record<KernelName, Plan>> = {
  arg_max: along('arg_max', ofAxis),
  binary,
  class_cross_entropy: along('class_cross_entropy', ofClasses),
  matmul,
  normalize: along('normalize', ofRow),
  normalize_gradient: along('normalize_gradient', ofRow),
  reduce,
  strided_copy: stridedCopy,
  sequence_forward: sequenceForward,
  sequence_backward: sequenceBackward,
  time_major: timeMajor,
  softmax: along('softmax', ofAxis),
  softmax_gradient: along('softmax_gradient', ofAxis),
};

const oneDispatch =
  (kernel: KernelName): Plan =>
  (device, bindings, params, variant) =>
    device.dispatch(kernel, bindings, params, variant);

/** How a kernel is run. */
export const planOf = (kernel: KernelName): Plan =>
  (PLANS[kernel] ??= (added('plans', kernel) as Plan | undefined) ?? oneDispatch(kernel));
