/**
 * Which variant of the matrix product runs. The rule depends on the shape and the device alone, so that a shape always gives the same
 * bits; `device.choices` goes before it.
 *
 * - Tiles of 64 x 64 results, or of 32 x 32 where there are too few large ones to keep a GPU busy.
 * - Where A is transposed (the gradient of a weight, which sums over all samples and steps) and there are few results: the sum over k
 *   is split into ranges that run in parallel, and a second dispatch adds them in order. It does so for a single range too, since the
 *   dispatches of a training step must not depend on the number of time steps.
 * - A kernel for at most 16 rows, such as the steps of streams; but on a software adapter large tiles where they are more than eight
 *   and k is large, since a thread then uses what it loads twice as often.
 * - Loads and stores of four neighbours (shaders/views/fours.wgsl) where all strides and offsets are multiples of 4.
 */
import type { Plan } from './plan.ts';

/**
 * enoughTiles: workgroups that keep the device busy; rangeTiles: how many the ranges should make; leastRange: the least k of a range.
 * A software adapter has only a few cores.
 */
const GPU = { enoughTiles: 64, rangeTiles: 256, leastRange: 256 };
const SOFTWARE = { enoughTiles: 8, rangeTiles: 32, leastRange: 1024 };
const ALIGNED = [
  ...['N', 'lda', 'ldb', 'ldc', 'aOffset', 'bOffset', 'outOffset'],
  ...['aBatch', 'bBatch', 'outBatch'],
];

/** Whether it is a plain product, masked at most by rows, with too few rows for tiles. */
function isOfRows(params: Parameters<Plan>[2]): boolean {
  const { M, K, batch, transA, transB, accumulate, maskMode } = params;
  const plain = batch === 1 && transA + transB + accumulate === 0 && maskMode < 2;
  return M <= 16 && K % 4 === 0 && plain;
}

export const matmul: Plan = (device, bindings, params, { slots }) => {
  const activation = slots?.activation ?? 'linear';
  const { M, N, K, batch } = params;
  const { enoughTiles, rangeTiles, leastRange } = device.isSoftware ? SOFTWARE : GPU;
  const view = ALIGNED.every((name) => params[name] % 4 === 0) ? 'fours' : 'elements';
  const constants = {
    TRANS_A: params.transA,
    TRANS_B: params.transB,
    MASK_MODE: params.maskMode,
    RAGGED: Number(K % 4 !== 0),
  };
  const ofRows = view === 'fours' && isOfRows(params);
  const wide = ofRows && device.isSoftware && M > 8 && K >= 256;
  if (ofRows && !wide) {
    const ROWS = M > 2 ? 4 : Math.max(1, M);
    const { hasBias: HAS_BIAS, maskMode: MASK_MODE } = params;
    device.dispatch('matmul_row', bindings, params, {
      slots: { activation },
      constants: { HAS_BIAS, MASK_MODE, ROWS },
    });
    return;
  }
  const tiles = Math.ceil(M / 64) * Math.ceil(N / 64) * batch;
  const few = tiles < enoughTiles;
  const large = { name: 'tiles of 64', BLOCKS: 2 };
  const small = { name: 'tiles of 32', BLOCKS: 1 };

  if (few && batch === 1 && params.maskMode !== 1 && params.transA === 1) {
    const useful = Math.min(Math.floor(K / leastRange), Math.ceil(rangeTiles / tiles));
    const ranges = device.choose(shapeOf(params), rangesAround(Math.max(1, useful), K)).ranges;
    const { a, b, bias, rowMask, out } = bindings;
    const partial = device.alloc(ranges * M * N, 'float32');
    const first = { batch: ranges, ldc: N, outOffset: 0, outBatch: M * N };
    const BLOCKS = Math.min(M, N) > 32 ? 2 : 1;
    try {
      device.dispatch(
        'matmul',
        { a, b, bias: null, rowMask, out: partial },
        { ...params, ...first },
        { slots: { view }, constants: { ...constants, BLOCKS, RANGES: 1 } },
      );
      const sums = { ...params, ranges };
      device.dispatch('matmul_sum', { partial, bias, out }, sums, { slots: { activation } });
    } finally {
      device.free(partial);
    }
    return;
  }

  const { BLOCKS } = device.choose(shapeOf(params), few && !wide ? [small, large] : [large, small]);
  const end = { ACCUMULATE: params.accumulate, HAS_BIAS: params.hasBias };
  device.dispatch('matmul', bindings, params, {
    slots: { view, activation },
    constants: { ...constants, ...end, BLOCKS },
  });
};

/** The key in `device.choices`. */
function shapeOf({ M, N, K, batch, transA, transB, maskMode }: Parameters<Plan>[2]): string {
  const turned = `${transA ? 'T' : 'N'}${transB ? 'T' : 'N'}`;
  return `matmul ${M}×${N}×${K} ${turned}${batch > 1 ? ` batch ${batch}` : ''}${maskMode ? ` mask ${maskMode}` : ''}`;
}

/** Variants with the rule's number of ranges, which comes first, and with fewer or more, each range of at least 16 k. */
function rangesAround(byRule: number, K: number): { name: string; ranges: number }[] {
  const others = [0.25, 0.5, 2, 4].map((factor) => factor * byRule);
  const allowed = others.filter((ranges) => ranges >= 1 && ranges % 1 === 0 && 16 * ranges <= K);
  return [byRule, ...allowed].map((ranges) => ({ name: `${ranges} ranges`, ranges }));
}
