/** Ops that share the storage of their input: no copy, no dispatch. */
import { computed } from '../autograd.ts';
import { check, INTEGERS } from '../options.ts';
import { sizeOf, Tensor } from '../tensor.ts';
import type { Shape, TensorLike } from '../tensor.ts';
import { tensorOf } from './operands.ts';
import { axesOf, axisOf } from './strided.ts';

/**
 * The same elements, row-major, in another shape. The storage is shared.
 *
 * @param shape of as many elements; one extent may be -1: it takes what is left
 */
export function reshape(given: TensorLike, shape: Shape): Tensor {
  const x = tensorOf('reshape', given);
  check('reshape', 'shape', shape, INTEGERS);
  const out = new Tensor(x.device, x.storage, completeShape(x, shape));
  out.range = x.range;
  return computed(out, [x], (gradient) => [reshape(gradient, x.shape)]);
}

function completeShape(x: Tensor, shape: Shape): number[] {
  const open = shape.indexOf(-1);
  const known = sizeOf(shape.filter((extent) => extent !== -1));
  const complete = shape.map((extent, axis) =>
    axis === open && known > 0 ? x.size / known : extent,
  );
  const valid = complete.every((extent) => Number.isInteger(extent) && extent >= 0);
  if (!valid || sizeOf(complete) !== x.size)
    throw new Error(
      `reshape: ${x} has ${x.size} elements, which do not make [${shape}]; ` +
        'the extents must multiply to that, and one may be -1',
    );
  return complete;
}

/** A new axis of extent 1 before axis `axis`; -1 adds one at the end. The storage is shared. */
export function expandDims(x: TensorLike, axis: number): Tensor {
  x = tensorOf('expandDims', x);
  const at = axisOf('expandDims', axis, x.rank + 1);
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

/** Leaves out axes of extent 1: all of them, or those named. The storage is shared. */
export function squeeze(given: TensorLike, axis?: number | readonly number[]): Tensor {
  const x = tensorOf('squeeze', given);
  if (axis === undefined)
    return reshape(
      x,
      x.shape.filter((extent) => extent !== 1),
    );
  const named = axesOf('squeeze', axis, x.rank);
  for (const a of named)
    if (x.shape[a] !== 1)
      throw new Error(
        `squeeze: expected an extent of 1 on axis ${a}, got ${x.shape[a]} in ${x}; leave that axis out`,
      );
  return reshape(
    x,
    x.shape.filter((_, a) => !named.includes(a)),
  );
}
