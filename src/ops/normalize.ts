/** Normalization over axes: what layer normalization is made of. */
import { computed } from '../autograd.ts';
import { NORMALIZE_KERNELS } from '../kernel_groups/normalize.generated.ts';
import { addKernels } from '../kernel_sources.ts';
import { allocate, sizeOf } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { add, mul, rsqrt, sub } from './map.ts';
import { floatsOf } from './operands.ts';
import { mean, variance } from './reduce.ts';
import { axesOf } from './strided.ts';

/** (x - mean) / sqrt(variance + epsilon), the mean and the variance over some axes. */
export function normalize(x: Tensor, axis: number | readonly number[], epsilon: number): Tensor {
  floatsOf('normalize', x);
  const axes = axesOf('normalize', axis, x.rank).sort((a, b) => a - b);
  // The last axes are rows in memory.
  if (x.size > 0 && axes.every((one, i) => one === x.rank - axes.length + i))
    return ofRows(x, axes.length, epsilon);
  const over = { axis: axes, keepDims: true };
  return mul(sub(x, mean(x, over)), rsqrt(add(variance(x, over), epsilon)));
}

function ofRows(x: Tensor, axes: number, epsilon: number): Tensor {
  const { device } = x;
  const columns = sizeOf(x.shape.slice(x.rank - axes));
  const sizes = { rows: x.size / columns, columns };
  const y = allocate(device, x.shape);
  const roots = allocate(device, [sizes.rows]);
  const made = { y: y.storage, roots: roots.storage };
  addKernels(NORMALIZE_KERNELS);
  device.run('normalize', { x: x.storage, ...made }, { ...sizes, epsilon });
  return computed(y, [x], (dy) => {
    const dx = allocate(device, x.shape);
    device.run('normalize_gradient', { ...made, dy: dy.storage, dx: dx.storage }, sizes);
    return [dx];
  });
}
