/** Ops that join tensors. */
import { computed } from '../autograd.ts';
import { show } from '../options.ts';
import { allocate, sameShape } from '../tensor.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { expandDims } from './views.ts';
import { tensorsOf } from './operands.ts';
import { split } from './slice.ts';
import { axisOf, writeBox } from './strided.ts';

/**
 * Joins tensors along an axis that they have; the other extents and the element types must be the same.
 */
export function concat(given: readonly TensorLike[], axis = 0): Tensor {
  const xs = listed('concat', given);
  const [first] = xs;
  const at = axisOf('concat', axis, first.rank);
  xs.forEach((x, i) => {
    const same =
      x.dtype === first.dtype &&
      x.rank === first.rank &&
      x.shape.every((extent, a) => a === at || extent === first.shape[a]);
    if (!same)
      throw new Error(
        `concat: expected tensors that differ on axis ${at} alone, got ${first} at 0 and ${x} at ${i}`,
      );
  });
  const extents = xs.map((x) => x.shape[at]);
  const total = extents.reduce((sum, extent) => sum + extent, 0);
  const out = allocate(
    first.device,
    first.shape.map((extent, a) => (a === at ? total : extent)),
    first.dtype,
  );
  let begin = 0;
  for (const x of xs) {
    writeBox(
      'concat',
      x,
      out,
      x.shape.map((_, a) => (a === at ? begin : 0)),
    );
    begin += x.shape[at];
  }
  out.range = rangeOf(xs);
  return computed(out, xs, (gradient) => split(gradient, extents, at));
}

/** Joins tensors of one shape along a new axis. */
export function stack(given: readonly TensorLike[], axis = 0): Tensor {
  const xs = listed('stack', given);
  const at = axisOf('stack', axis, xs[0].rank + 1);
  xs.forEach((x, i) => {
    if (!sameShape(x.shape, xs[0].shape) || x.dtype !== xs[0].dtype)
      throw new Error(
        `stack: expected tensors of one shape and type, got ${xs[0]} at 0 and ${x} at ${i}`,
      );
  });
  return concat(
    xs.map((x) => expandDims(x, at)),
    at,
  );
}

function listed(op: string, given: readonly TensorLike[]): Tensor[] {
  if (Array.isArray(given) && given.length > 0)
    return tensorsOf(op, Array.from(given as readonly TensorLike[]));
  throw new Error(
    `${op}: expected at least one tensor in a list, got ${Array.isArray(given) ? 'none' : show(given)}`,
  );
}

function rangeOf(xs: readonly Tensor[]): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const { range } of xs) {
    if (!range) return null;
    low = Math.min(low, range[0]);
    high = Math.max(high, range[1]);
  }
  return [low, high];
}
