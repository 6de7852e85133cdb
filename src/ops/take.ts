import { sizeOf } from '../tensor.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { embedding } from './embedding.ts';
import { withPlaces } from './operands.ts';
import { axisOf } from './strided.ts';
import { transpose } from './transpose.ts';
import { reshape } from './views.ts';

/**
 * Slices of `x` along an axis, in the order that `indices` say; one may come several times.
 *
 * @param indices int32, any shape, each from 0 to x.shape[axis] - 1
 * @returns x.shape with the extent of the axis replaced by the shape of `indices`
 */
export function take(x: TensorLike, indices: TensorLike, axis = 0): Tensor {
  [x, indices] = withPlaces('take', x, indices);
  const at = axisOf('take', axis, x.rank);
  const rest = x.shape.filter((_, a) => a !== at);
  const axes = x.shape.map((_, a) => a);
  const front = at === 0 ? x : transpose(x, [at, ...axes.filter((a) => a !== at)]);
  const rows = embedding(reshape(front, [x.shape[at], sizeOf(rest)]), indices);
  const found = reshape(rows, [...indices.shape, ...rest]);
  if (at === 0) return found;
  // The axes of the indices go back to where the axis was.
  const count = indices.rank;
  const order = [
    ...axes.slice(0, at).map((a) => a + count),
    ...indices.shape.map((_, i) => i),
    ...axes.slice(at + 1).map((a) => a + count - 1),
  ];
  return transpose(found, order);
}
