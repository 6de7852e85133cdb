/** The codes of elementwise and reducing kernels: what stands in WGSL as a constant, by name. */

const codesOf = <Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> =>
  Object.fromEntries(names.map((name, code) => [name, code])) as Record<Name, number>;

/** In the order of shaders/lib/unary_codes.wgsl. */
const UNARY = [
  'neg',
  'abs',
  'square',
  'sqrt',
  'rsqrt',
  'reciprocal',
  'exp',
  'expm1',
  'log',
  'log1p',
  'sin',
  'cos',
  'erf',
  'sign',
  'floor',
  'clip',
  'relu',
  'relu6',
  'tanh',
  'sigmoid',
  'hardSigmoid',
  'hardTanh',
  'leakyRelu',
  'elu',
  'selu',
  'celu',
  'softplus',
  'softsign',
  'silu',
  'hardSilu',
  'gelu',
  'geluTanh',
  'mish',
  'logSigmoid',
  'hardShrink',
  'softShrink',
  'tanhShrink',
  'squareplus',
] as const;
export type UnaryName = (typeof UNARY)[number];
export const UNARY_CODES = codesOf(UNARY);
export const UNARY_NAMES: readonly UnaryName[] = UNARY;

/** Functions whose derivative follows from their value: the gradient kernel reads y instead of x. */
export const GRADIENT_FROM_VALUE: ReadonlySet<UnaryName> = new Set<UnaryName>([
  'sqrt',
  'rsqrt',
  'reciprocal',
  'exp',
  'expm1',
  'relu',
  'relu6',
  'tanh',
  'sigmoid',
  'hardSigmoid',
  'hardTanh',
  'elu',
  'selu',
  'celu',
]);

/** In the order of shaders/lib/binary_codes.wgsl. From `equal` on they compare. */
const BINARY = [
  'add',
  'sub',
  'mul',
  'div',
  'maximum',
  'minimum',
  'pow',
  'expDifference',
  'equal',
  'notEqual',
  'greater',
  'greaterEqual',
  'less',
  'lessEqual',
] as const;
export type BinaryName = (typeof BINARY)[number];
export const BINARY_CODES = codesOf(BINARY);
export const BINARY_NAMES: readonly BinaryName[] = BINARY;

/** As in shaders/reduce.wgsl. */
const REDUCE = ['sum', 'max', 'min', 'sumSquares'] as const;
export type ReduceName = (typeof REDUCE)[number];
export const REDUCE_CODES = codesOf(REDUCE);
export const REDUCE_NAMES: readonly ReduceName[] = REDUCE;
