/** The copy behind the shape ops: which element of one tensor goes where in another, axis by axis. */
import type { Params } from '../backend.ts';
import { show } from '../options.ts';
import { allocate, sizeOf } from '../tensor.ts';
import type { Shape, Tensor } from '../tensor.ts';

/** Steps of one loop over both tensors, in elements. */
export interface CopyAxis {
  extent: number;
  from: number;
  to: number;
}

const MAX_AXES = 6;

/** Elements from one index to the next along each axis of a row-major tensor. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** An axis counted from 0; negative ones count from the end. */
export function axisOf(op: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank)
    throw new Error(
      `${op}: expected an axis from ${-rank} to ${rank - 1} for a tensor of rank ${rank}, got ${show(axis)}`,
    );
  return axis < 0 ? axis + rank : axis;
}

/** One axis or several, as `axisOf` has each; `flat` would leave out the holes of a list. */
export const axesOf = (op: string, axis: number | readonly number[], rank: number): number[] =>
  (Array.isArray(axis) ? Array.from(axis as readonly number[]) : [axis as number]).map((one) =>
    axisOf(op, one, rank),
  );

/**
 * target[toOffset + sum p_i to_i] = source[fromOffset + sum p_i from_i] for all places p.
 *
 * @param axes from the outermost to the innermost
 */
export function copyStrided(
  op: string,
  source: Tensor,
  target: Tensor,
  axes: readonly CopyAxis[],
  fromOffset = 0,
  toOffset = 0,
): void {
  const merged = mergeAxes(axes);
  if (merged.some(({ extent }) => extent === 0)) return;
  if (merged.length > MAX_AXES)
    throw new Error(
      `${op}: ${source} needs a copy over ${merged.length} axes, at most ${MAX_AXES} are possible; reshape it to fewer`,
    );
  const along = (field: keyof CopyAxis, missing: number) =>
    numbered(field, MAX_AXES, merged.map((axis) => axis[field]).reverse(), missing);
  source.device.run('strided_copy', { x: source.storage, out: target.storage }, {
    size: sizeOf(merged.map(({ extent }) => extent)),
    rank: Math.max(merged.length, 1),
    ...along('extent', 1),
    ...along('from', 0),
    ...along('to', 0),
    fromOffset,
    toOffset,
  } as Params<'strided_copy'>);
}

/** `count` parameters name0, name1 … of a kernel, which takes no lists. */
export function numbered(
  name: string,
  count: number,
  values: readonly number[],
  missing = 0,
): Record<string, number> {
  const params: Record<string, number> = {};
  for (let i = 0; i < count; i++) params[name + i] = values[i] ?? missing;
  return params;
}

/** Leaves out axes of one element, and joins neighbours that are one run in both tensors. */
function mergeAxes(axes: readonly CopyAxis[]): CopyAxis[] {
  const merged: CopyAxis[] = [];
  for (const axis of axes) {
    if (axis.extent === 1) continue;
    const outer = merged.at(-1);
    if (outer?.from === axis.from * axis.extent && outer.to === axis.to * axis.extent)
      merged[merged.length - 1] = { ...axis, extent: outer.extent * axis.extent };
    else merged.push(axis);
  }
  return merged;
}

/** A new tensor of `shape`, read from `x` with `strides` (0 repeats, negative ones go backwards) from `offset` on. */
export function readStrided(
  op: string,
  x: Tensor,
  shape: Shape,
  strides: readonly number[],
  offset = 0,
): Tensor {
  const out = allocate(x.device, shape, x.dtype);
  const to = stridesOf(shape);
  const axes = shape.map((extent, axis) => ({ extent, from: strides[axis], to: to[axis] }));
  copyStrided(op, x, out, axes, offset);
  out.range = x.range;
  return out;
}

/** Writes `x` into a box of `target` whose first element is at `begin`. */
export function writeBox(op: string, x: Tensor, target: Tensor, begin: readonly number[]): void {
  const [from, to] = [stridesOf(x.shape), stridesOf(target.shape)];
  const axes = x.shape.map((extent, axis) => ({ extent, from: from[axis], to: to[axis] }));
  const offset = begin.reduce((sum, start, axis) => sum + start * to[axis], 0);
  copyStrided(op, x, target, axes, 0, offset);
}
