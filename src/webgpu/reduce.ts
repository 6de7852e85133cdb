/**
 * How a reduction runs: one dispatch reduces parts of the rows, a second one the results; both four neighbours at a time where
 * strides and offsets allow it. There are two however few the rows are, since rows may be time steps, on whose number the dispatches
 * of a training step must not depend.
 */
import type { Storage } from '../backend.ts';
import type { ReductionName } from '../kernels.generated.ts';
import type { Plan, PlanDevice } from './plan.ts';

/** Threads that keep a large GPU busy. */
const BUSY = 65536;

type Bindings = Readonly<Record<string, Storage | null>>;
type Params = Readonly<Record<string, number>>;

export const reduce: Plan = (device, bindings, params, { slots }) => {
  const { outer, rows, columns } = params;
  const { x, rowMask, out } = bindings;
  const reduction = slots!.reduction!;
  const { along, four } = wayOf(params, rowMask);
  const steps = four === 2 ? rows / 4 : rows;
  const outputs = outer * (four === 1 ? columns / 4 : columns);
  // A multiple of four, so that the second dispatch can read four at a time.
  const parts = Math.min(Math.ceil(Math.sqrt(steps) / 4) * 4, Math.ceil(BUSY / outputs));
  const partial = device.alloc(outer * parts * columns, 'float32');
  const first = { ...params, parts, outOffset: 0, scale: 1, accumulate: 0 };
  const layout = along
    ? { outer, columns: 1, outerStride: parts, rowStride: 1 }
    : { outer: 1, columns: outer * columns, outerStride: 0, rowStride: outer * columns };
  const last = { ...params, ...layout, rows: parts, offset: 0, parts: 1 };
  const joined = reduction === 'sumSquares' ? 'sum' : reduction;
  try {
    dispatch(device, reduction, { x, rowMask, out: partial }, first);
    dispatch(device, joined, { x: partial, rowMask: null, out }, last);
  } finally {
    device.free(partial);
  }
};

/** Whether rows are the contiguous axis, and what is read four at a time: nothing (0), columns (1) or rows (2). */
function wayOf(params: Params, rowMask: Storage | null): { along: boolean; four: 0 | 1 | 2 } {
  const { outer, rows, columns, outerStride, rowStride, offset } = params;
  const along = columns === 1 && rowStride === 1 && !rowMask;
  const whole = (n: number): boolean => n % 4 === 0;
  const aligned = whole(offset) && (outer === 1 || whole(outerStride));
  const byFour = aligned && (along ? whole(rows) : whole(columns) && whole(rowStride));
  return { along, four: byFour ? (along ? 2 : 1) : 0 };
}

function dispatch(
  device: PlanDevice,
  reduction: ReductionName,
  bindings: Bindings,
  params: Params,
): void {
  const { along, four } = wayOf(params, bindings.rowMask);
  const masked = Number(bindings.rowMask !== null);
  device.dispatch('reduce', bindings, params, {
    slots: { reduction },
    constants: { FOUR: four, ALONG: Number(along), MASKED: masked },
  });
}
