/** Sums at indices along an axis. Apart from gather.ts, since its kernel is that of the gradient there and comes with backward passes. */
import { computed } from '../autograd.ts';
import { BACKWARD_KERNELS } from '../kernel_groups/backward.generated.ts';
import { addKernels } from '../kernel_sources.ts';
import { sameShape } from '../tensor.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { addAlong, checkAlong, takeAlong } from './gather.ts';
import { deviceOf, tensorOf, withPlaces } from './operands.ts';

/**
 * x with every update added at its index along an axis: out[.., indices[.., n, ..], ..] += updates[.., n, ..]; PyTorch's
 * `scatter_add`. Several updates of one element are added in their order, so that the same input gives the same bits.
 * Made for short axes: each element of the result looks at all updates along the axis.
 *
 * @param x float32
 * @param indices int32 of x's shape but for the axis, each from 0 to x.shape[axis] - 1
 * @param updates float32, the shape of `indices`
 * @returns the shape of `x`
 */
export function scatterAdd(
  x: TensorLike,
  indices: TensorLike,
  updates: TensorLike,
  axis: number,
): Tensor {
  const device = deviceOf([x, indices, updates]);
  [x, indices] = withPlaces('scatterAdd', x, indices, device);
  updates = tensorOf('scatterAdd', updates, device, 'float32');
  const { at } = checkAlong('scatterAdd', x, indices, axis);
  if (updates.dtype !== 'float32' || !sameShape(updates.shape, indices.shape))
    throw new Error(
      `scatterAdd: expected float32 updates of the shape of the indices ${indices}, got ${updates}`,
    );
  addKernels(BACKWARD_KERNELS);
  const out = addAlong(x, indices, updates, x.shape, at);
  return computed(out, [x, updates], (gradient) => [
    gradient,
    updates.tracked ? takeAlong(gradient, indices, at) : null,
  ]);
}
