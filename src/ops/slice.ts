/** Ops that take a part of a tensor, or cut it into parts. */
import { computed, record } from '../autograd.ts';
import { check, INTEGERS, SHAPE, WHOLE } from '../options.ts';
import { zeros } from '../tensor.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { tensorOf } from './operands.ts';
import { reshape } from './views.ts';
import { axisOf, readStrided, stridesOf, writeBox } from './strided.ts';

/** Of an axis without indices. */
const MOST_EMPTY_PARTS = 2 ** 16;

/**
 * A box of `x`.
 *
 * @param begin first index along each axis
 * @param size extent along each axis; -1 takes all from `begin` on
 * @throws Error where the box does not lie in `x`
 * @example
 * ```js
 * const middle = ops.slice([[1, 2, 3], [4, 5, 6]], [0, 1], [-1, 1]);
 * console.log(await middle.array()); // prints [ [ 2 ], [ 5 ] ]
 * ```
 */
export function slice(
  given: TensorLike,
  begin: readonly number[],
  size: readonly number[],
): Tensor {
  const x = tensorOf('slice', given);
  check('slice', 'begin', begin, INTEGERS);
  check('slice', 'size', size, INTEGERS);
  if (begin.length !== x.rank || size.length !== x.rank)
    throw new Error(
      `slice: expected ${x.rank} begins and ${x.rank} sizes for ${x}, got [${begin}] and [${size}]`,
    );
  const shape = size.map((extent, axis) => (extent === -1 ? x.shape[axis] - begin[axis] : extent));
  const fits = shape.every(
    (extent, axis) => begin[axis] >= 0 && extent >= 0 && begin[axis] + extent <= x.shape[axis],
  );
  if (!fits) throw new Error(`slice: a box of [${size}] from [${begin}] on does not lie in ${x}`);
  const strides = stridesOf(x.shape);
  const offset = begin.reduce((sum, start, axis) => sum + start * strides[axis], 0);
  const out = readStrided('slice', x, shape, strides, offset);
  return computed(out, [x], (gradient) => {
    const dx = zeros(x.shape, 'float32', x.device);
    writeBox('slice', gradient, dx, begin);
    return [dx];
  });
}

/**
 * Cuts `x` along an axis.
 *
 * @param sizes extents of the parts, which sum to that of the axis; or a number of equal parts
 */
export function split(given: TensorLike, sizes: number | readonly number[], axis = 0): Tensor[] {
  const x = tensorOf('split', given);
  const at = axisOf('split', axis, x.rank);
  const whole = x.shape[at];
  check('split', 'sizes', sizes, typeof sizes === 'number' ? WHOLE : SHAPE);
  const extents = typeof sizes === 'number' ? equalParts(whole, sizes) : sizes;
  if (extents.reduce((total, extent) => total + extent, 0) !== whole)
    throw new Error(
      `split: axis ${at} of ${x} has ${x.shape[at]} indices, which ` +
        (typeof sizes === 'number'
          ? `do not make ${sizes} equal parts`
          : `parts of [${sizes}] do not sum to`),
    );
  // One node for all parts: their gradients fill one tensor, instead of one tensor each that are then summed.
  const strides = stridesOf(x.shape);
  let end = 0;
  const begins = extents.map((extent) => (end += extent) - extent);
  const parts = extents.map((extent, i) =>
    readStrided(
      'split',
      x,
      x.shape.map((whole, a) => (a === at ? extent : whole)),
      strides,
      begins[i] * strides[at],
    ),
  );
  record(parts, [x], (gradients) => {
    const dx = zeros(x.shape, 'float32', x.device);
    gradients.forEach((gradient, i) => {
      const begin = x.shape.map((_, a) => (a === at ? begins[i] : 0));
      if (gradient) writeBox('split', gradient, dx, begin);
    });
    return [dx];
  });
  return parts;
}

/** The extents of so many equal parts; what sums to no extent where there are none, so that no list is made of any number. */
function equalParts(whole: number, parts: number): readonly number[] {
  const extent = whole / parts;
  const isEqual = whole === 0 ? parts <= MOST_EMPTY_PARTS : Number.isInteger(extent);
  return isEqual ? new Array<number>(parts).fill(extent || 0) : [NaN];
}

/** Cuts `x` into its slices along an axis, which goes: `x.shape[axis]` tensors of one rank less. */
export function unstack(x: TensorLike, axis = 0): Tensor[] {
  x = tensorOf('unstack', x);
  const at = axisOf('unstack', axis, x.rank);
  const shape = x.shape.filter((_, a) => a !== at);
  return split(x, x.shape[at], at).map((part) => reshape(part, shape));
}
