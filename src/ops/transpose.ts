/** Ops that put the elements of a tensor in another order. */
import { computed } from '../autograd.ts';
import { check, INTEGERS } from '../options.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { tensorOf } from './operands.ts';
import { axesOf, axisOf, readStrided, stridesOf } from './strided.ts';

/**
 * Axes in another order: out.shape[i] = x.shape[permutation[i]].
 *
 * @param permutation by default all axes the other way round
 */
export function transpose(given: TensorLike, permutation?: readonly number[]): Tensor {
  const x = tensorOf('transpose', given);
  permutation ??= x.shape.map((_, axis) => x.rank - 1 - axis);
  const axes = check('transpose', 'permutation', permutation, INTEGERS).map((axis) =>
    axisOf('transpose', axis, x.rank),
  );
  if (axes.length !== x.rank || new Set(axes).size !== x.rank)
    throw new Error(
      `transpose: expected each of the ${x.rank} axes of ${x} once, got [${permutation}]`,
    );
  const strides = stridesOf(x.shape);
  const out = readStrided(
    'transpose',
    x,
    axes.map((axis) => x.shape[axis]),
    axes.map((axis) => strides[axis]),
  );
  const inverse = axes.map((_, axis) => axes.indexOf(axis));
  return computed(out, [x], (gradient) => [transpose(gradient, inverse)]);
}

/** Elements in reverse order along one axis or several. */
export function flip(given: TensorLike, axis: number | readonly number[]): Tensor {
  const x = tensorOf('flip', given);
  const named = axesOf('flip', axis, x.rank);
  const strides = stridesOf(x.shape);
  let offset = 0;
  if (x.size > 0)
    for (const a of new Set(named)) {
      offset += (x.shape[a] - 1) * strides[a];
      strides[a] = -strides[a];
    }
  const out = readStrided('flip', x, x.shape, strides, offset);
  return computed(out, [x], (gradient) => [flip(gradient, named)]);
}
