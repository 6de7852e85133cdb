/**
 * Arithmetic, element by element. Functions of two broadcast by NumPy's rule: from the last axis on, extents must be the same or 1.
 * Gradients are summed back to each operand's shape.
 */
import { POWER_KERNELS } from '../kernel_groups/power.generated.ts';
import { addKernels } from '../kernel_sources.ts';
import { show } from '../options.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { binary, unary } from './elementwise.ts';
import { tensorOf } from './operands.ts';

export type { Operand } from './operands.ts';

/**
 * a + b, element by element. Operands are tensors of one type, float32 or int32, or numbers, lists and typed arrays,
 * which become tensors of that type; their shapes broadcast by NumPy's rule.
 *
 * @throws Error where shapes do not go together, types differ, or tensors are on two devices
 * @example
 * ```js
 * const sum = ops.add(tensor([[1, 2], [3, 4]]), [10, 20]); // the row is added to each row
 * console.log(await sum.array()); // prints [ [ 11, 22 ], [ 13, 24 ] ]
 * ```
 */
export const add = (a: TensorLike, b: TensorLike): Tensor => binary('add', a, b);
/** a - b; as for `add`. */
export const sub = (a: TensorLike, b: TensorLike): Tensor => binary('sub', a, b);
/** a · b, element by element; as for `add`. The product of matrices is `matmul`. */
export const mul = (a: TensorLike, b: TensorLike): Tensor => binary('mul', a, b);
/** a / b of float32; as for `add`. A division by 0 gives an infinity or NaN. */
export const div = (a: TensorLike, b: TensorLike): Tensor => binary('div', a, b);
/** The larger of two, element by element; as for `add`. At a tie each gets half the gradient. */
export const maximum = (a: TensorLike, b: TensorLike): Tensor => binary('maximum', a, b);
/** The smaller of two, element by element; as for `add`. At a tie each gets half the gradient. */
export const minimum = (a: TensorLike, b: TensorLike): Tensor => binary('minimum', a, b);

/** a^b of float32; NaN for a negative a where b is not whole. The gradient by b is 0 where a is 0. */
export function pow(a: TensorLike, b: TensorLike): Tensor {
  if (b === 1) return tensorOf('pow', a);
  if (b === 2) return square(a);
  if (b === 0.5) return sqrt(a);
  addKernels(POWER_KERNELS);
  return binary('pow', a, b);
}

/** -x */
export const neg = (x: TensorLike): Tensor => unary('neg', x);
/** |x|; the gradient at 0 is 0. */
export const abs = (x: TensorLike): Tensor => unary('abs', x);
/** x² */
export const square = (x: TensorLike): Tensor => unary('square', x);
/** √x; NaN below 0, and an infinite gradient at 0. */
export const sqrt = (x: TensorLike): Tensor => unary('sqrt', x);
/** 1 / √x */
export const rsqrt = (x: TensorLike): Tensor => unary('rsqrt', x);
/** 1 / x */
export const reciprocal = (x: TensorLike): Tensor => unary('reciprocal', x);
/** e^x */
export const exp = (x: TensorLike): Tensor => unary('exp', x);
/** e^x - 1, exact near 0. */
export const expm1 = (x: TensorLike): Tensor => unary('expm1', x);
/** The natural logarithm: -Infinity at 0, NaN below. */
export const log = (x: TensorLike): Tensor => unary('log', x);
/** log(1 + x), exact near 0. */
export const log1p = (x: TensorLike): Tensor => unary('log1p', x);
/** Of radians; on the GPU accurate to 1e-6 up to |x| of some 10^4. */
export const sin = (x: TensorLike): Tensor => unary('sin', x);
/** Of radians; on the GPU accurate to 1e-6 up to |x| of some 10^4. */
export const cos = (x: TensorLike): Tensor => unary('cos', x);
/** The error function, 2/√π ∫₀ˣ e^(-t²) dt. */
export const erf = (x: TensorLike): Tensor => unary('erf', x);
/** -1, 0 or 1; no gradient flows through. */
export const sign = (x: TensorLike): Tensor => unary('sign', x);
/** The largest whole number not above x; no gradient flows through. */
export const floor = (x: TensorLike): Tensor => unary('floor', x);

/** min(max(x, low), high); the gradient is that of x from `low` to `high`, both included, else 0. */
export function clip(x: TensorLike, low: number, high: number): Tensor {
  const isNumber = typeof low === 'number' && typeof high === 'number';
  if (!isNumber || !(low <= high))
    throw new Error(`clip: expected low <= high, got ${show(low)} and ${show(high)}`);
  return unary('clip', x, low, high);
}
