/**
 * Which variant of the matrix product runs: a rule on shape alone, so that one device gives one shape the same bits.
 *
 * - Tiles of 64 x 64 results, or of 32 x 32 where the large ones are too few to keep a GPU busy.
 * - Many k and few results: ranges of k side by side, whose sums a second dispatch adds in order. With A transposed (the
 *   gradient of a weight, which sums over all samples and steps) always so, be it one range: the dispatches of a training
 *   step must not depend on the number of time steps.
 * - Loads of four neighbours from an operand, and stores, where strides and offsets are multiples of 4.
 */
import type { Variant } from '../backend.ts';
import type { Plan } from './plans.ts';

/** Workgroups that keep a GPU busy. */
const ENOUGH_TILES = 64;
/** A range of k has at least this many; and there are no more workgroups of ranges than this. */
const LEAST_RANGE = 256;
const MOST_RANGES = 256;

export const matmul: Plan = (device, bindings, params) => {
  const { M, N, K, batch } = params;
  const fours = (...names: string[]): boolean => names.every((name) => params[name] % 4 === 0);
  const constants = {
    TRANS_A: params.transA,
    TRANS_B: params.transB,
    VECTOR_A: Number(fours('lda', 'aOffset', 'aBatch')),
    VECTOR_B: Number(fours('ldb', 'bOffset', 'bBatch')),
    GUARD: Number(K % 4 !== 0 || params.maskMode === 2),
  };
  const large = Math.ceil(M / 64) * Math.ceil(N / 64) * batch;
  const ranges = Math.min(Math.floor(K / LEAST_RANGE), Math.ceil(MOST_RANGES / large));
  const few = large < ENOUGH_TILES && batch === 1 && params.maskMode !== 1;
  if (few && (ranges > 1 || params.transA === 1)) {
    const BLOCKS = Math.min(M, N) > 32 ? 2 : 1;
    const all = { ...constants, BLOCKS };
    sumRanges(device, bindings, params, { constants: all }, Math.max(1, ranges));
    return;
  }
  const BLOCKS = large < ENOUGH_TILES ? 1 : 2;
  const kernel = fours('N', 'ldc', 'outOffset', 'outBatch') ? 'matmul_vector_step' : 'matmul';
  device.dispatch(kernel, bindings, params, { constants: { ...constants, BLOCKS } });
};

function sumRanges(
  device: Parameters<Plan>[0],
  { a, b, bias, rowMask, out }: Parameters<Plan>[1],
  params: Parameters<Plan>[2],
  variant: Variant,
  ranges: number,
): void {
  const { M, N, K } = params;
  const ldc = Math.ceil(N / 4) * 4;
  const chunk = Math.ceil(K / ranges / 4) * 4;
  const splits = Math.ceil(K / chunk);
  const partial = device.alloc(splits * M * ldc, 'float32');
  const target = { ldc, outOffset: 0, outBatch: M * ldc, splits, chunk };
  device.dispatch(
    'matmul_split_step',
    { a, b, rowMask, partial },
    { ...params, ...target },
    variant,
  );
  device.dispatch('matmul_sum_step', { partial, bias, out }, { ...params, splits });
  device.free(partial);
}
