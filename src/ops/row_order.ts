/** The rows of a batch in another order, so that those of similar length are folded together. */
import { computed } from '../autograd.ts';
import { allocate } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';

export interface RowOrder {
  /** int32 [B]: the row that takes a place. */
  readonly order: Tensor;
  /** int32 [B]: the place that a row takes. */
  readonly places: Tensor;
}

/** Rows to which a workgroup of the fold is given at most: fewer have no order worth making. */
const TILE = 8;

/** By real steps, the longest first; null where all rows are folded together anyway. */
export function orderByLength(mask: Tensor | null): RowOrder | null {
  if (!mask || mask.shape[0] <= TILE) return null;
  const { device, shape } = mask;
  const [B, T] = shape;
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
  const [B, ...rest] = x.shape;
  const width = rest.reduce((a, b) => a * b, 1);
  const out = allocate(x.device, x.shape);
  x.device.run(
    'gather',
    { table: x.storage, ids: to.storage, out: out.storage },
    { rows: B, width, vocabulary: B },
  );
  return computed(out, [x], (gradient) => [permuteRows(gradient, back, to)]);
}
