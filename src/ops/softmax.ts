/** Softmax and its logarithm along an axis. */
import { computed } from '../autograd.ts';
import { allocate, sizeOf } from '../tensor.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { floatsOf } from './operands.ts';
import { axisOf } from './strided.ts';

/** e^x / Σ e^x along `axis`; x of any size (the largest is taken off first). */
export const softmax = (x: TensorLike, axis = -1): Tensor => along('softmax', x, axis);

/** x - log Σ e^x along `axis`. */
export const logSoftmax = (x: TensorLike, axis = -1): Tensor => along('logSoftmax', x, axis);

function along(name: 'softmax' | 'logSoftmax', given: TensorLike, axis: number): Tensor {
  const x = floatsOf(name, given);
  const at = axisOf(name, axis, x.rank);
  const rows = x.shape[at];
  if (rows === 0) throw new Error(`${name}: axis ${axis} of ${x} is empty`);
  const columns = sizeOf(x.shape.slice(at + 1));
  const params = { outer: sizeOf(x.shape.slice(0, at)), rows, columns };
  const variant = { constants: { LOG: Number(name === 'logSoftmax') } };
  const y = allocate(x.device, x.shape);
  x.device.run('softmax', { x: x.storage, y: y.storage }, params, variant);
  return computed(y, [x], (dy) => {
    const dx = allocate(x.device, x.shape);
    const bindings = { y: y.storage, dy: dy.storage, dx: dx.storage };
    x.device.run('softmax_gradient', bindings, params, variant);
    return [dx];
  });
}
