/**
 * Scatter-add in a fixed order, without float atomics: the rows are sorted by id (a stable counting sort), then summed.
 * Six dispatches and a clear, whatever the number of rows:
 *
 *   count   each lane counts the ids of its run, and ranks the rows in it
 *   lanes   sums of the counts over the lanes before each, and the total of each id
 *   starts  sums of the totals over the ids before each: where its rows begin in the list
 *   order   the sorted list of rows
 *   pieces  sums of the ids that lie within a piece of the list, and partial sums of those that reach beyond one
 *   join    the partial sums added up; zeros for ids that do not occur
 */
import type { Plan } from './plan.ts';

/** Up to so many rows, reading all ids for every element is faster than sorting. */
const DIRECT_ROWS = 256;
/** Ids that one lane counts, unless the table of counts would then have more than COUNTS elements. */
const RUN = 128;
const COUNTS = 2 ** 21;
/** The least rows that one thread sums, and the most pieces that one thread joins. */
const PIECE = 32;
const PIECES = 512;

const STEPS = [
  'scatter_add_count',
  'scatter_add_lanes',
  'scatter_add_starts',
  'scatter_add_order',
  'scatter_add_pieces',
  'scatter_add_join',
] as const;

export const scatterAdd: Plan = (device, bindings, params) => {
  const { rows = 0, width = 0, vocabulary = 0, overTime = 0 } = params;
  if (rows <= DIRECT_ROWS && overTime === 0) {
    device.dispatch('scatter_add', bindings, params);
    return;
  }
  const sizes = sortSizes(rows, vocabulary);
  const scratch = {
    counts: device.alloc(sizes.lanes * vocabulary, 'int32'),
    ranks: device.alloc(rows, 'int32'),
    totals: device.alloc(vocabulary, 'int32'),
    starts: device.alloc(vocabulary + 1, 'int32'),
    order: device.alloc(rows, 'int32'),
    partials: device.alloc(sizes.pieces * 2 * Math.ceil(width / 4) * 4, 'float32'),
  };
  try {
    device.zero(scratch.counts);
    for (const step of STEPS)
      device.dispatch(step, { ...bindings, ...scratch }, { ...params, ...sizes });
  } finally {
    for (const storage of Object.values(scratch)) device.free(storage);
  }
};

/** How the rows are divided, from the shapes alone. */
function sortSizes(rows: number, vocabulary: number) {
  const lanes = Math.max(1, Math.min(Math.ceil(rows / RUN), Math.floor(COUNTS / vocabulary)));
  let piece = PIECE;
  while (rows > piece * PIECES) piece *= 2;
  return { lanes, run: Math.ceil(rows / lanes), piece, pieces: Math.ceil(rows / piece) };
}
