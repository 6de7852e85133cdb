import { add, load, splat } from '../lib/lanes';
import { map } from '../lib/maps.generated';
import { multiplyRow } from '../lib/panels';

// @ts-ignore: decorator
@inline
const F: usize = 4;
// @ts-ignore: decorator
@inline
const MASKED_ROWS: i32 = 1;

/** shaders/matmul.wgsl, row by row. Masked terms, which only gradients have, are summed up like others. */
export function matmul(
  a: usize, b: usize, bias: usize, rowMask: usize, out: usize,
  M: usize, N: usize, K: usize, batch: usize, transA: i32, transB: i32, lda: usize, ldb: usize, ldc: usize,
  aOffset: usize, bOffset: usize, outOffset: usize, aBatch: usize, bBatch: usize, outBatch: usize,
  accumulate: i32, hasBias: i32, biasBatch: usize, maskMode: i32, maskOffset: usize,
  activation: i32, activationAlpha: f32, activationBeta: f32,
): void {
  const aRow = (transA == 1 ? 1 : lda) * F;
  for (let z: usize = 0; z < batch; z++) {
    const right = b + (bOffset + z * bBatch) * F;
    const added = hasBias == 1 ? bias + z * biasBatch * F : 0;
    for (let m: usize = 0; m < M; m++) {
      if (maskMode == MASKED_ROWS && i32.load(rowMask + (maskOffset + m) * F) == 0) continue;
      const left = a + (aOffset + z * aBatch) * F + m * aRow;
      const row = out + (outOffset + z * outBatch + m * ldc) * F;
      if (transA == 1 || transB == 1) scalarRow(left, transA == 1 ? lda : 1, K, right, ldb, transB, N, row, accumulate == 1);
      else multiplyRow(left, K, right, ldb, N, row, accumulate == 1, false);
      finish(row, N, added, activation, activationAlpha, activationBeta);
    }
  }
}

/** A row of a product with transposed operands. */
function scalarRow(a: usize, aStep: usize, K: usize, b: usize, ldb: usize, transB: i32, N: usize, out: usize, accumulate: bool): void {
  const bColumn = (transB == 1 ? ldb : 1) * F;
  const bRow = (transB == 1 ? 1 : ldb) * F;
  for (let n: usize = 0; n < N; n++, out += F, b += bColumn) {
    let sum = accumulate ? f32.load(out) : 0;
    for (let k: usize = 0; k < K; k++) sum += f32.load(a + k * aStep * F) * f32.load(b + k * bRow);
    f32.store(out, sum);
  }
}

/** Adds the bias and applies the activation. */
function finish(row: usize, N: usize, bias: usize, activation: i32, alpha: f32, beta: f32): void {
  let n: usize = 0;
  for (; n + 4 <= N; n += 4, row += 16) {
    const x = bias == 0 ? load(row) : add(load(row), load(bias + n * F));
    v128.store(row, map(activation, x, alpha, beta));
  }
  for (; n < N; n++, row += F) {
    const x = bias == 0 ? f32.load(row) : f32.load(row) + f32.load(bias + n * F);
    f32.store(row, f32x4.extract_lane(map(activation, splat(x), alpha, beta), 0));
  }
}
