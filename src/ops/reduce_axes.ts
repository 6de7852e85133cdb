/** The kernel `reduce` over axes, ranges of columns and broadcast axes. Nothing here is recorded; see reduce.ts. */
import type { Device, Storage } from '../backend.ts';
import type { ReductionName } from '../kernels.generated.ts';
import { allocate, sizeOf, Tensor } from '../tensor.ts';
import type { Shape } from '../tensor.ts';

/** What is reduced: op over rows r of x[offset + o * outerStride + r * rowStride + c], for every o and c. */
export interface Strided {
  x: Storage;
  outer: number;
  rows: number;
  columns: number;
  outerStride: number;
  rowStride: number;
  offset: number;
  /** [outer, columns] from `outOffset` on. */
  out: Storage;
  outOffset: number;
  scale: number;
  /** Adds to what `out` holds. */
  accumulate: boolean;
  /** int32 [maskOffset + rows]: rows whose entry is 0 do not count, whatever they hold. */
  rowMask: Storage | null;
  maskOffset: number;
}

/** What is left out: one block, all of it, once, into an `out` of its own. */
const PLAIN = {
  outer: 1,
  outerStride: 0,
  offset: 0,
  outOffset: 0,
  scale: 1,
  accumulate: false,
  rowMask: null,
  maskOffset: 0,
};

function reduceStrided(
  device: Device,
  op: ReductionName,
  what: Pick<Strided, 'x' | 'rows' | 'columns' | 'rowStride' | 'out'> & Partial<Strided>,
): void {
  const { x, rowMask, out, accumulate, ...params } = { ...PLAIN, ...what };
  device.run(
    'reduce',
    { x, rowMask, out },
    { ...params, parts: 1, accumulate: Number(accumulate) },
    { slots: { reduction: op } },
  );
}

/**
 * Sums over the rows of a range of columns: out[outOffset + c] = scale * sum over r of x[offset + r * rowStride + c], for
 * `columns` columns from element `offset` on. Rows whose `rowMask` entry is 0 do not count.
 */
export function columnSum(
  device: Device,
  what: Pick<Strided, 'x' | 'rows' | 'columns' | 'out'> & Partial<Strided>,
): void {
  reduceStrided(device, 'sum', { rowStride: what.columns, ...what });
}

/** op over `axes` (each from 0 to rank - 1), times `scale`; the reduced axes stay, with extent 1. */
export function reduceAxes(
  x: Tensor,
  op: ReductionName,
  axes: readonly number[],
  scale = 1,
): Tensor {
  if (axes.length === 0) {
    // A copy, squared or scaled: one row of everything.
    const row = reduceAxes(view(x, [1, ...x.shape]), op, [0], scale);
    return view(row, x.shape);
  }
  let shape = x.shape.map((extent) => extent);
  let from = x;
  let next = op;
  for (const { first, last, final } of blocksOf(shape, axes)) {
    const outer = sizeOf(shape.slice(0, first));
    const rows = sizeOf(shape.slice(first, last + 1));
    const columns = sizeOf(shape.slice(last + 1));
    shape = shape.map((extent, axis) => (axis >= first && axis <= last ? 1 : extent));
    const out = allocate(x.device, shape);
    reduceStrided(x.device, next, {
      ...{ x: from.storage, outer, rows, columns, outerStride: rows * columns, rowStride: columns },
      ...{ out: out.storage, scale: final ? scale : 1 },
    });
    if (from !== x) from.dispose();
    from = out;
    if (op === 'sumSquares') next = 'sum';
  }
  return from;
}

/** Runs of neighbouring axes, innermost first. Axes of extent 1 that are not asked for join in: they change nothing. */
function blocksOf(
  shape: Shape,
  axes: readonly number[],
): { first: number; last: number; final: boolean }[] {
  const wanted = new Set(axes);
  const blocks: { first: number; last: number; final: boolean }[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const block = blocks.at(-1);
    if (!wanted.has(axis)) continue;
    const between = block ? shape.slice(axis + 1, block.first) : [];
    if (block && between.every((extent) => extent === 1)) block.first = axis;
    else blocks.push({ first: axis, last: axis, final: false });
  }
  const final = blocks.at(-1);
  if (final) final.final = true;
  return blocks;
}

/** Sums a gradient over the axes that broadcasting stretched, so that it has `shape` again; times `scale`. */
export function sumTo(gradient: Tensor, shape: Shape, scale = 1): Tensor {
  const added = gradient.rank - shape.length;
  const axes = gradient.shape.flatMap((extent, axis) =>
    axis < added || (shape[axis - added] === 1 && extent !== 1) ? [axis] : [],
  );
  if (axes.length === 0 && scale === 1) return gradient;
  return view(reduceAxes(gradient, 'sum', axes, scale), shape);
}

/** The same storage with another shape. */
export const view = (x: Tensor, shape: Shape): Tensor => new Tensor(x.device, x.storage, shape);
