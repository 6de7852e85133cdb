/** Which variant of the matrix product runs: a rule on shape alone, so that the same product is the same everywhere. */
import type { Plan } from './plans.ts';

/** Tiles of 64 x 64 below this many leave a GPU idle; tiles of 32 x 32 are four times as many. */
const FEW_TILES = 64;

export const matmul: Plan = (device, bindings, params) => {
  const p = params as Record<'M' | 'N' | 'K' | 'batch', number> & typeof params;
  const fours = (...names: string[]): boolean => names.every((name) => p[name] % 4 === 0);
  const tiles = Math.ceil(p.M / 64) * Math.ceil(p.N / 64) * p.batch;
  const constants = {
    TRANS_A: p['transA'],
    TRANS_B: p['transB'],
    VECTOR_A: Number(fours('lda', 'aOffset', 'aBatch')),
    VECTOR_B: Number(fours('ldb', 'bOffset', 'bBatch')),
    GUARD: Number(p.K % 4 !== 0 || p['maskMode'] === 2),
    BLOCKS: tiles < FEW_TILES ? 1 : 2,
  };
  const kernel = fours('N', 'ldc', 'outOffset', 'outBatch') ? 'matmul_vector_step' : 'matmul';
  device.dispatch(kernel, bindings, params, { constants });
};
