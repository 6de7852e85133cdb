/** Kernels that compute a long row with a whole workgroup, and a short one with one thread, since barriers would cost more. */
import type { KernelName } from '../backend.ts';
import type { Plan } from './plan.ts';

type Params = Readonly<Record<string, number>>;

const along =
  (kernel: KernelName, lanesOf: (params: Params) => number): Plan =>
  (device, bindings, params, variant) => {
    const constants = { ...variant.constants, LANES: lanesOf(params) };
    device.dispatch(kernel, bindings, params, { constants });
  };

/** Only where a row is contiguous. */
const ofAxis = ({ rows, columns }: Params): number => (columns === 1 && rows > 256 ? 64 : 1);
const ofClasses = ({ classes }: Params): number => (classes <= 1024 ? 1 : 32);

export const argMax = along('arg_max', ofAxis);
export const softmax = along('softmax', ofAxis);
export const softmaxGradient = along('softmax_gradient', ofAxis);
export const classCrossEntropy = along('class_cross_entropy', ofClasses);
