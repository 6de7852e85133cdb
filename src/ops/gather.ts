/** One element an index, along an axis. Whole rows of a table: embedding.ts; whole slices: take.ts. */
import { computed } from '../autograd.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { allocate, sizeOf } from '../tensor.ts';
import { withPlaces } from './operands.ts';
import { axisOf } from './strided.ts';

/**
 * out[.., n, ..] = x[.., indices[.., n, ..], ..]: NumPy's `take_along_axis`, PyTorch's `gather`.
 *
 * @param x float32
 * @param indices int32 of x's shape but for the axis, each from 0 to x.shape[axis] - 1. Indices that came from the host
 *   are checked here; others out of range give NaN
 * @returns the shape of `indices`
 */
export function takeAlong(x: TensorLike, indices: TensorLike, axis: number): Tensor {
  [x, indices] = withPlaces('takeAlong', x, indices);
  const { at, extent, count, inner } = checkAlong('takeAlong', x, indices, axis);
  const out = allocate(x.device, indices.shape);
  x.device.run(
    'gather_along',
    { x: x.storage, indices: indices.storage, out: out.storage },
    { size: out.size, extent, count, inner },
  );
  return computed(out, [x], (gradient) => [addAlong(null, indices, gradient, x.shape, at)]);
}

/** Without a gradient: x, or zeros, with every update added at its index. */
export function addAlong(
  x: Tensor | null,
  indices: Tensor,
  updates: Tensor,
  shape: readonly number[],
  axis: number,
): Tensor {
  const out = allocate(updates.device, shape);
  updates.device.run(
    'scatter_add_along',
    {
      x: x?.storage ?? null,
      indices: indices.storage,
      updates: updates.storage,
      out: out.storage,
    },
    {
      size: out.size,
      extent: shape[axis],
      count: indices.shape[axis],
      inner: sizeOf(shape.slice(axis + 1)),
      has_x: x ? 1 : 0,
    },
  );
  return out;
}

export function checkAlong(op: string, x: Tensor, indices: Tensor, axis: number) {
  const at = axisOf(op, axis, x.rank);
  const fits =
    indices.rank === x.rank && x.shape.every((n, a) => a === at || n === indices.shape[a]);
  if (x.dtype !== 'float32' || indices.dtype !== 'int32' || !fits)
    throw new Error(
      `${op}: expected float32 x and int32 indices of its shape but for axis ${at}, got ${x} and ${indices}`,
    );
  const extent = x.shape[at];
  if (indices.range && indices.size > 0)
    for (const index of indices.range)
      if (index < 0 || index >= extent)
        throw new Error(
          `${op}: expected indices in 0…${extent - 1} along axis ${at}, got ${index}`,
        );
  return { at, extent, count: indices.shape[at], inner: sizeOf(x.shape.slice(at + 1)) };
}
