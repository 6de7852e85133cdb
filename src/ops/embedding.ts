/** Rows of a table by their number, and the gradient that adds rows back. */
import { computed } from '../autograd.ts';
import { readOptions, WHOLE } from '../options.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { allocate, sizeOf } from '../tensor.ts';
import { withPlaces } from './operands.ts';

/** What `embedding` does with padding. */
export interface EmbeddingOptions {
  /** An id whose row gets no gradient (its values are looked up like any other's). */
  paddingId?: number | null;
  /** Named in errors: the layer's name. */
  name?: string;
}

const DEFAULTS: Required<EmbeddingOptions> = { paddingId: null, name: 'embedding' };

/**
 * out[..., e] = table[ids[...], e].
 *
 * The gradient sums the rows of one id in the order of the ids, so that the same input gives the same bits.
 *
 * @param table [V, E] float32
 * @param ids [...] int32, each in 0…V-1. Ids that came from the host are checked here; others give rows of NaN
 * @returns [..., E]
 */
export function embedding(
  table: TensorLike,
  ids: TensorLike,
  options: EmbeddingOptions = {},
): Tensor {
  const { paddingId, name } = readOptions('embedding', options, DEFAULTS, { paddingId: WHOLE });
  [table, ids] = withPlaces(name, table, ids);
  if (table.rank !== 2 || table.dtype === 'int32')
    throw new Error(`${name}: expected a float32 table [V, E], got ${table}`);
  const [vocabulary, width] = table.shape as [number, number];
  checkIds(name, ids, vocabulary);
  if (paddingId !== null && !(paddingId >= 0 && paddingId < vocabulary))
    throw new Error(`${name}: expected paddingId in 0…${vocabulary - 1}, got ${paddingId}`);
  const out = allocate(table.device, [...ids.shape, width]);
  gatherRows(table, ids, out);
  return computed(out, [table], (gradient) => [scatterRows(gradient, ids, vocabulary, paddingId)]);
}

/** out[n] = table[ids[n]]: rows of a table, whatever their shape. Nothing is checked or recorded. */
export function gatherRows(table: Tensor, ids: Tensor, out: Tensor): void {
  const [vocabulary] = table.shape;
  table.device.run(
    'gather',
    { table: table.storage, ids: ids.storage, out: out.storage },
    { rows: ids.size, width: sizeOf(table.shape.slice(1)), vocabulary },
  );
}

/** out[v, e] = sum of values[n, e] over n with ids[n] = v; [vocabulary, E]. No gradient is recorded. */
function scatterRows(
  values: Tensor,
  ids: Tensor,
  vocabulary: number,
  paddingId: number | null,
): Tensor {
  const width = values.shape.at(-1)!;
  const out = allocate(values.device, [vocabulary, width]);
  values.device.run(
    'scatter_add',
    { ids: ids.storage, values: values.storage, out: out.storage },
    {
      ...{ rows: ids.size, width, vocabulary, skip: paddingId ?? -1 },
      overTime: Number(ids.rank > 1),
    },
  );
  return out;
}

function checkIds(name: string, ids: Tensor, vocabulary: number): void {
  if (ids.dtype !== 'int32')
    throw new Error(
      `${name}: expected int32 ids, got ${ids}; make them from an Int32Array, or with dtype 'int32'`,
    );
  if (!ids.range || ids.size === 0) return;
  const [low, high] = ids.range;
  if (low < 0 || high >= vocabulary)
    throw new Error(
      `${name}: expected ids in 0…${vocabulary - 1} (a table of ${vocabulary} rows), got ${low < 0 ? low : high}; ` +
        'map unknown tokens to an id of their own, or give the table more rows',
    );
}
