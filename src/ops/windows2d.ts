import { computed } from '../autograd.ts';
import { zeros } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { sum } from './reduce.ts';
import { copyStrided, readStrided, stridesOf } from './strided.ts';

/** [of rows, of columns] */
export type Pair = readonly [number, number];

/** How many windows of such a size lie in so many rows or columns. */
const windowCount = (extent: number, size: number, stride: number, dilation: number): number =>
  Math.floor((extent - dilation * (size - 1) - 1) / stride) + 1;

/**
 * Windows over pictures: out[b, y, x, i, j] = picture[b, y · strides[0] + i · dilation[0], x · strides[1] + j · dilation[1]], side by side, so that a
 * convolution is one product.
 *
 * @param x float32 [B, H, W, C], in each direction at least as large as a window spans
 * @returns [B, OH, OW, size[0], size[1], C] of all windows that lie in x
 */
export function windows2D(x: Tensor, size: Pair, strides: Pair, dilation: Pair): Tensor {
  const [batch, height, width, channels] = x.shape;
  const rows = windowCount(height, size[0], strides[0], dilation[0]);
  const columns = windowCount(width, size[1], strides[1], dilation[1]);
  const shape = [batch, rows, columns, size[0], size[1], channels];
  const row = width * channels;
  const steps = [
    ...[height * row, strides[0] * row, strides[1] * channels],
    ...[dilation[0] * row, dilation[1] * channels, 1],
  ];
  const out = readStrided('windows2D', x, shape, steps);
  return computed(out, [x], (gradient) => {
    // Windows overlap, but not at one place in them: each place gets its own copy of x to write to.
    const apart = zeros([size[0] * size[1], ...x.shape], 'float32', x.device);
    const to = [...steps.slice(0, 3), size[1] * x.size + steps[3], x.size + steps[4], 1];
    const from = stridesOf(shape);
    const axes = shape.map((extent, axis) => ({ extent, from: from[axis], to: to[axis] }));
    copyStrided('windows2D', gradient, apart, axes);
    return [sum(apart, { axis: 0 })];
  });
}
