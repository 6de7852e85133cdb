import { BINARY_NAMES, type BinaryName } from '../op-codes.ts';
import { operandsOf } from './broadcast.ts';
import type { Twin } from './twin.ts';

const FUNCTIONS: Record<BinaryName, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  pow: Math.pow,
  expDifference: (a, b) => (a === b ? 1 : Math.exp(a - b)),
  equal: (a, b) => Number(a === b),
  notEqual: (a, b) => Number(a !== b),
  greater: (a, b) => Number(a > b),
  greaterEqual: (a, b) => Number(a >= b),
  less: (a, b) => Number(a < b),
  lessEqual: (a, b) => Number(a <= b),
};

/** Twin of shaders/binary.wgsl. */
export const binary: Twin<'binary'> = ({ a, b, out }, params, variant) => {
  const f = FUNCTIONS[BINARY_NAMES[variant.constants?.OP ?? 0]];
  const { left, right } = operandsOf(a, b, params, variant.constants?.SCALAR ?? 0);
  for (let i = 0; i < params.size; i++) out[i] = f(left(i), right(i));
};
