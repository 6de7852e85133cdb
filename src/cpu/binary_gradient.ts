import { BINARY_NAMES, type BinaryName } from '../op-codes.ts';
import { operandsOf } from './broadcast.ts';
import type { Twin } from './twin.ts';

/** How much of the gradient the larger of two gets: half at a tie. */
const share = (larger: number, smaller: number): number =>
  larger > smaller ? 1 : larger === smaller ? 0.5 : 0;

type Partial = (a: number, b: number) => number;

/** d out / d a and d out / d b. */
const DERIVATIVES: { [name in BinaryName]?: [Partial, Partial] } = {
  mul: [(_, b) => b, (a) => a],
  div: [(_, b) => 1 / b, (a, b) => -a / b / b],
  maximum: [(a, b) => share(a, b), (a, b) => share(b, a)],
  minimum: [(a, b) => share(b, a), (a, b) => share(a, b)],
  pow: [
    (a, b) => (b === 0 ? 0 : b * a ** (b - 1)),
    (a, b) => (a === 0 && b >= 0 ? 0 : a ** b * Math.log(a)),
  ],
};

/** Twin of shaders/binary_gradient.wgsl. */
export const binaryGradient: Twin<'binary_gradient'> = (
  { a, b, dout, da, db },
  params,
  variant,
) => {
  const [byA, byB] = DERIVATIVES[BINARY_NAMES[variant.constants?.OP ?? 2]]!;
  const { left, right } = operandsOf(a, b, params, variant.constants?.SCALAR ?? 0);
  for (let i = 0; i < params.size; i++) {
    if (params.hasA) da[i] = dout[i] * byA(left(i), right(i));
    if (params.hasB) db[i] = dout[i] * byB(left(i), right(i));
  }
};
