/** Ops that repeat elements. */
import { computed } from '../autograd.ts';
import { check, SHAPE, WHOLE } from '../options.ts';
import type { Shape, Tensor, TensorLike } from '../tensor.ts';
import { tensorOf } from './operands.ts';
import { sum } from './reduce.ts';
import { reshape } from './views.ts';
import { axisOf, readStrided, stridesOf } from './strided.ts';

/**
 * Repeats `x` along axes of extent 1 and along new leading axes, by NumPy's broadcasting rule.
 */
export function broadcastTo(x: TensorLike, shape: Shape): Tensor {
  x = tensorOf('broadcastTo', x);
  check('broadcastTo', 'shape', shape, SHAPE);
  const { shape: own } = x;
  const added = shape.length - x.rank;
  const fits =
    added >= 0 && own.every((extent, axis) => extent === 1 || extent === shape[axis + added]);
  if (!fits)
    throw new Error(
      `broadcastTo: ${x} does not fit [${shape}]; from the last axis on, each extent must be the same or 1`,
    );
  const strides = stridesOf(own);
  const axes = shape.map((_, axis) => axis);
  const repeated = (axis: number): boolean =>
    axis < added || (own[axis - added] === 1 && shape[axis] !== 1);
  const out = readStrided(
    'broadcastTo',
    x,
    shape,
    axes.map((axis) => (repeated(axis) ? 0 : strides[axis - added])),
  );
  const summed = axes.filter(repeated);
  return computed(out, [x], (gradient) => [
    reshape(summed.length > 0 ? sum(gradient, { axis: summed }) : gradient, own),
  ]);
}

/** Copies of the whole of `x` side by side: `repeats[axis]` of them along each axis. */
export function tile(x: TensorLike, repeats: readonly number[]): Tensor {
  x = tensorOf('tile', x);
  check('tile', 'repeats', repeats, SHAPE);
  if (repeats.length !== x.rank)
    throw new Error(`tile: expected ${x.rank} whole numbers for ${x}, got [${repeats}]`);
  const apart = reshape(
    x,
    x.shape.flatMap((extent) => [1, extent]),
  );
  const wide = broadcastTo(
    apart,
    x.shape.flatMap((extent, axis) => [repeats[axis], extent]),
  );
  return reshape(
    wide,
    x.shape.map((extent, axis) => extent * repeats[axis]),
  );
}

/** Every slice along an axis `repeats` times in a row. */
export function repeat(x: TensorLike, repeats: number, axis: number): Tensor {
  x = tensorOf('repeat', x);
  const at = axisOf('repeat', axis, x.rank);
  check('repeat', 'repeats', repeats, WHOLE);
  const [before, after] = [x.shape.slice(0, at + 1), x.shape.slice(at + 1)];
  const wide = broadcastTo(reshape(x, [...before, 1, ...after]), [...before, repeats, ...after]);
  return reshape(
    wide,
    x.shape.map((extent, a) => (a === at ? extent * repeats : extent)),
  );
}
