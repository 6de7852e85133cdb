import { mapFacts } from '../maps.ts';
import { MAP_TWINS } from './slots.generated.ts';
import type { Twin } from './twin.ts';

/** Twin of shaders/matmul.wgsl. */
export const matmul: Twin<'matmul'> = ({ a, b, bias, rowMask, out }, p, { slots }) => {
  const activation = slots?.activation ?? 'linear';
  const { name, alpha, beta } = mapFacts(activation);
  const { map } = MAP_TWINS[name];
  const [aRow, aColumn] = p.transA === 1 ? [1, p.lda] : [p.lda, 1];
  const [bRow, bColumn] = p.transB === 1 ? [1, p.ldb] : [p.ldb, 1];
  for (let z = 0; z < p.batch; z++) {
    for (let m = 0; m < p.M; m++) {
      if (p.maskMode === 1 && rowMask[p.maskOffset + m] === 0) continue;
      const aFirst = p.aOffset + z * p.aBatch + m * aRow;
      for (let n = 0; n < p.N; n++) {
        const o = p.outOffset + z * p.outBatch + m * p.ldc + n;
        const before = p.accumulate === 1 ? out[o] : 0;
        const bFirst = p.bOffset + z * p.bBatch + n * bColumn;
        let sum = p.hasBias === 1 ? bias[z * p.biasBatch + n] : 0;
        for (let k = 0; k < p.K; k++) {
          if (p.maskMode === 2 && k % p.run >= rowMask[p.maskOffset + Math.floor(k / p.run)])
            continue;
          sum += a[aFirst + k * aColumn] * b[bFirst + k * bRow];
        }
        out[o] = map(before + sum, alpha, beta);
      }
    }
  }
};
