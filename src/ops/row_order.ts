/** The rows of a batch in another order, so that those of similar length are folded together. */
import { computed } from '../autograd.ts';
import { allocate } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { gatherRows } from './embedding.ts';

export interface RowOrder {
  /** int32 [B]: the row that takes a place. */
  readonly order: Tensor;
  /** int32 [B]: the place that a row takes. */
  readonly places: Tensor;
}

/** Rows to which a workgroup of the fold is given at most: fewer have no order worth making. */
const TILE = 8;

/** By real steps, the longest first; null where all rows are folded together anyway, or where they are too many to be put into order. */
export function orderByLength(mask: Tensor | null): RowOrder | null {
  if (!mask || mask.shape[0] <= TILE) return null;
  const { device, shape } = mask;
  const [B, T] = shape;
  if ((B / 64 + 1) * (T + B) > device.limits.maxLoopIterations) return null;
  const [counts, order, places] = [0, 1, 2].map(() => allocate(device, [B], 'int32'));
  device.run(
    'sequence_order',
    { mask: mask.storage, counts: counts.storage, order: order.storage, places: places.storage },
    { T, B },
  );
  return { order, places };
}

/** The rows of x, float32 [B,...], as `to` says; its gradient goes back as `back` says. */
export function permuteRows(x: Tensor, to: Tensor, back: Tensor): Tensor {
  const out = allocate(x.device, x.shape);
  gatherRows(x, to, out);
  return computed(out, [x], (gradient) => [permuteRows(gradient, back, to)]);
}

/**
 * x [B,T,N] as [T,B,N], its rows in their order and zero where a step is masked, so that no product over all steps need ask which
 * are. What stands at masked steps does not matter, nor is there a gradient: it must be zero where it comes back.
 */
export function timeMajor(x: Tensor, mask: Tensor, rows: RowOrder | null): Tensor {
  const [B, T, N] = x.shape;
  const { order = null, places = null } = rows ?? {};
  const turn = (from: Tensor, toTime: boolean, by: Tensor | null): Tensor => {
    const out = allocate(x.device, toTime ? [T, B, N] : [B, T, N]);
    x.device.run(
      'time_major',
      {
        x: from.storage,
        order: by?.storage ?? null,
        mask: toTime ? mask.storage : null,
        out: out.storage,
      },
      { T, B, N, toTime: Number(toTime), ordered: Number(by !== null) },
    );
    return out;
  };
  return computed(turn(x, true, order), [x], (gradient) => [turn(gradient, false, places)]);
}
