/**
 * Reductions over one axis, several or (by default) all. The order of additions follows from the shape alone, so that the
 * same input gives the same bits.
 */
import { computed, noGrad } from '../autograd.ts';
import { CUMSUM_KERNELS } from '../kernel_groups/cumsum.generated.ts';
import { addKernels } from '../kernel_sources.ts';
import type { ReductionName } from '../kernels.generated.ts';
import { check, checkNames, FLAG, NUMBER } from '../options.ts';
import { allocate, sizeOf } from '../tensor.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { cast, equal, where } from './compare.ts';
import { apply } from './elementwise.ts';
import { log, sqrt } from './map.ts';
import { floatsOf } from './operands.ts';
import { reduceAxes, view } from './reduce_axes.ts';
import { axesOf, axisOf } from './strided.ts';

/** Over which axes an operation reduces. */
export interface ReduceOptions {
  /** Axes to reduce, negative ones from the end; all by default. */
  axis?: number | readonly number[];
  /** Keeps the reduced axes, with extent 1; false by default. */
  keepDims?: boolean;
}

/**
 * The sum over axes, all by default. float32.
 *
 * @returns x's shape without the axes; [] where all are reduced
 * @throws Error where an axis is out of range, named twice or empty
 * @example
 * ```js
 * const rows = ops.sum([[1, 2], [3, 4]], { axis: 1 });
 * console.log(await rows.array()); // prints [ 3, 7 ]
 * ```
 */
export function sum(x: TensorLike, options: ReduceOptions = {}): Tensor {
  return reduction('sum', x, options, (x, axes) => {
    const y = reduceAxes(x, 'sum', axes);
    return [y, (dy) => apply('mul', dy, 1, x.shape)];
  });
}

/** The mean over axes; as for `sum`. */
export function mean(x: TensorLike, options: ReduceOptions = {}): Tensor {
  return reduction('mean', x, options, (x, axes, count) => {
    const y = reduceAxes(x, 'sum', axes, 1 / count);
    return [y, (dy) => apply('mul', dy, 1 / count, x.shape)];
  });
}

/** Σ x² over axes; as for `sum`. */
export function sumSquares(x: TensorLike, options: ReduceOptions = {}): Tensor {
  return reduction('sumSquares', x, options, (x, axes) => {
    const y = reduceAxes(x, 'sumSquares', axes);
    return [y, (dy) => apply('mul', apply('mul', dy, 2), x)];
  });
}

/** The largest; equal ones share the gradient. */
export const max = (x: TensorLike, options: ReduceOptions = {}): Tensor =>
  extreme('max', x, options);

/** The smallest; equal ones share the gradient. */
export const min = (x: TensorLike, options: ReduceOptions = {}): Tensor =>
  extreme('min', x, options);

function extreme(name: ReductionName, x: TensorLike, options: ReduceOptions): Tensor {
  return reduction(name, x, options, (x, axes) => {
    const y = reduceAxes(x, name, axes);
    return [
      y,
      (dy) => {
        const reached = cast(equal(x, y), 'float32');
        return apply('mul', reached, apply('div', dy, reduceAxes(reached, 'sum', axes)));
      },
    ];
  });
}

/** log Σ e^x; x of any size (the largest is taken off first). */
export function logSumExp(x: TensorLike, options: ReduceOptions = {}): Tensor {
  return reduction('logSumExp', x, options, (x, axes) => {
    const largest = reduceAxes(x, 'max', axes);
    const total = reduceAxes(apply('expDifference', x, largest), 'sum', axes);
    const y = apply('add', largest, log(total));
    return [y, (dy) => apply('mul', apply('expDifference', x, y), dy)];
  });
}

/**
 * The mean squared distance from the mean.
 *
 * @param options.correction taken off the count that is divided by: 0 (default) as Keras and NumPy, 1 for the unbiased
 *   estimate
 */
export function variance(
  x: TensorLike,
  options: ReduceOptions & { correction?: number } = {},
): Tensor {
  const { correction = 0, ...others } = options;
  check('variance', 'correction', correction, NUMBER);
  return reduction('variance', x, others, (x, axes, count) => {
    const scale = 1 / (count - correction);
    const distance = apply('sub', x, reduceAxes(x, 'sum', axes, 1 / count));
    const y = reduceAxes(distance, 'sumSquares', axes, scale);
    return [y, (dy) => apply('mul', apply('mul', dy, 2 * scale), distance)];
  });
}

/** The Euclidean norm, √ Σ x²; its gradient at 0 is 0. */
export function norm(x: TensorLike, options: ReduceOptions = {}): Tensor {
  return reduction('norm', x, options, (x, axes) => {
    const y = sqrt(reduceAxes(x, 'sumSquares', axes));
    return [y, (dy) => apply('mul', x, where(equal(y, 0), 0, apply('div', dy, y)))];
  });
}

const NAMES: readonly (keyof ReduceOptions)[] = ['axis', 'keepDims'];

type Pullback = (dy: Tensor) => Tensor;

/**
 * Checks, computes, records. `compute` gets the axes and how many elements go into one; what it and its pullback see has
 * the reduced axes in place, with extent 1.
 */
function reduction(
  op: string,
  x: TensorLike,
  options: ReduceOptions,
  compute: (x: Tensor, axes: number[], count: number) => [Tensor, Pullback],
): Tensor {
  checkNames(op, options, NAMES);
  const { axis, keepDims = false } = options;
  check(op, 'keepDims', keepDims, FLAG);
  x = floatsOf(op, x);
  const axes = axis === undefined ? x.shape.map((_, k) => k) : axesOf(op, axis, x.rank);
  if (new Set(axes).size !== axes.length)
    throw new Error(`${op}: expected each axis once, got [${axis}] for ${x}`);
  if (axes.some((k) => x.shape[k] === 0))
    throw new Error(`${op}: an axis of ${x} that is to be reduced is empty`);
  const [y, pullback] = noGrad(() => compute(x, axes, sizeOf(axes.map((k) => x.shape[k]))));
  const inPlace = y.shape;
  const out = view(y, keepDims ? inPlace : x.shape.filter((_, k) => !axes.includes(k)));
  return computed(out, [x], (dy) => [pullback(view(dy, inPlace))]);
}

/** Where along `axis`, the last by default, the largest is: int32, the first of equal ones. No gradient. */
export function argMax(x: TensorLike, axis = -1): Tensor {
  x = floatsOf('argMax', x);
  const { at, outer, rows, columns } = alongAxis('argMax', x, axis);
  if (rows === 0) throw new Error(`argMax: axis ${axis} of ${x} is empty`);
  const shape = x.shape.filter((_, k) => k !== at);
  const out = allocate(x.device, shape, 'int32');
  x.device.run('arg_max', { x: x.storage, out: out.storage }, { outer, rows, columns });
  return out;
}

/** Running sums along `axis`, the last by default; the shape of x. */
export function cumsum(x: TensorLike, axis = -1): Tensor {
  x = floatsOf('cumsum', x);
  addKernels(CUMSUM_KERNELS);
  const { outer, rows, columns } = alongAxis('cumsum', x, axis);
  const run = (from: Tensor, reversed: number): Tensor => {
    const y = allocate(x.device, x.shape);
    const params = { outer, rows, columns, reversed };
    x.device.run('cumsum', { x: from.storage, y: y.storage }, params);
    return y;
  };
  return computed(run(x, 0), [x], (dy) => [run(dy, 1)]);
}

function alongAxis(op: string, x: Tensor, axis: number) {
  const at = axisOf(op, axis, x.rank);
  const outer = sizeOf(x.shape.slice(0, at));
  return { at, outer, rows: x.shape[at], columns: sizeOf(x.shape.slice(at + 1)) };
}
