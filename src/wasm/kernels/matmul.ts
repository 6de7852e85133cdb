import { add, F, load, splat } from '../lib/lanes';
import { LINEAR, map } from '../lib/maps.generated';
import { multiplyRow, multiplyRows, packPanels, panelBytes, takePanels } from '../lib/panels';
import { scratch } from '../lib/scratch';

/** Rows and columns of the right operand that are packed at a time: 512 KiB, which the second cache holds. */
// @ts-ignore: decorator
@inline
const ROWS: usize = 256;
// @ts-ignore: decorator
@inline
const COLUMNS: usize = 512;

// @ts-ignore: decorator
@inline
const MASKED_ROWS: i32 = 1;
// @ts-ignore: decorator
@inline
const MASKED_TERMS: i32 = 2;

/** shaders/matmul.wgsl */
export function matmul(
  a: usize, b: usize, bias: usize, rowMask: usize, out: usize,
  M: usize, N: usize, K: usize, batch: usize, transA: i32, transB: i32, lda: usize, ldb: usize, ldc: usize,
  aOffset: usize, bOffset: usize, outOffset: usize, aBatch: usize, bBatch: usize, outBatch: usize,
  accumulate: i32, hasBias: i32, biasBatch: usize, maskMode: i32, maskOffset: usize, run: usize,
  activation: i32, activationAlpha: f32, activationBeta: f32, bHalf: i32, part: usize, parts: usize,
): void {
  const half = bHalf == 1;
  const given = takePanels();
  // Tiles have four rows: a thread takes a multiple of that.
  const share = ((M + 4 * parts - 1) / (4 * parts)) * 4;
  const first = min(part * share, M);
  const last = min(first + share, M);
  if (first == last) return;

  const single = M == 1 && transA == 0 && transB == 0 && maskMode != MASKED_TERMS;
  const packed = single ? 0 : panelBytes(min(K, ROWS), min(N, COLUMNS));
  const listed = maskMode == MASKED_ROWS ? (last - first) * 4 : 0;
  const kept = maskMode == MASKED_TERMS ? keptTerms(rowMask + maskOffset * 4, K, run) : K;
  const columns = last - first;
  const compactA = maskMode == MASKED_TERMS ? min(kept, ROWS) * columns * F : 0;
  const compactB = maskMode == MASKED_TERMS ? min(kept, ROWS) * N * F : 0;
  const panels = scratch(packed + listed + compactA + compactB + 64);
  const list = panels + packed;
  const spaceA = (list + listed + 15) & ~15;
  const spaceB = (spaceA + compactA + 15) & ~15;
  const rows = maskMode == MASKED_ROWS ? listRows(list, rowMask + maskOffset * 4, first, last) : columns;

  const aRow = transA == 1 ? <usize>1 : lda, aStep = transA == 1 ? lda : <usize>1;
  const bRow = transB == 1 ? <usize>1 : ldb, bColumn = transB == 1 ? ldb : <usize>1;
  for (let z: usize = 0; z < batch; z++) {
    const left = a + (aOffset + z * aBatch + first * aRow) * F;
    const right = b + (bOffset + z * bBatch) * (half ? 2 : F);
    const to = out + (outOffset + z * outBatch + first * ldc) * F;
    const from = listed > 0 ? list : 0;
    if (maskMode == MASKED_TERMS) {
      const mask = rowMask + maskOffset * 4;
      for (let k: usize = 0; k < max<usize>(kept, 1); k += ROWS) {
        const depth = min(ROWS, kept - k);
        compact(spaceA, left, aStep, aRow, columns, mask, K, run, k, depth);
        compact(spaceB, right, bRow, bColumn, N, mask, K, run, k, depth);
        products(spaceA, 1, columns, from, rows, depth, spaceB, N, 1, N, panels, to, ldc, accumulate == 1 || k > 0, false);
      }
    } else if (given != 0) {
      multiplyRows(left, aRow, aStep, from, rows, K, given, N, to, ldc, accumulate == 1);
    } else if (single) {
      // Packing would cost more than it brings.
      if (rows == 1) multiplyRow(left, K, right, bRow, N, to, accumulate == 1, half);
    } else {
      products(left, aRow, aStep, from, rows, K, right, bRow, bColumn, N, panels, to, ldc, accumulate == 1, half);
    }
    finish(from, rows, N, to, ldc, hasBias == 1 ? bias + z * biasBatch * F : 0, activation, activationAlpha, activationBeta);
  }
}

/** Which of the rows from `first` to `last` are not masked, counted from `first`; returns how many. */
function listRows(list: usize, mask: usize, first: usize, last: usize): usize {
  let count: usize = 0;
  for (let m = first; m < last; m++) {
    i32.store(list + count * 4, <i32>(m - first));
    count += <usize>(i32.load(mask + m * 4) != 0);
  }
  return count;
}

/** Terms of the sums: of every `run` of them, as many as the mask says. */
function keptTerms(mask: usize, K: usize, run: usize): usize {
  let count: usize = 0;
  for (let k: usize = 0; k < K; k += run, mask += 4) count += min(<usize>i32.load(mask), min(run, K - k));
  return count;
}

/** [count,width]: of the terms that are kept, `count` from number `first` on, one after the other. */
function compact(
  to: usize, from: usize, step: usize, stride: usize, width: usize, mask: usize, K: usize, run: usize, first: usize, count: usize,
): void {
  const end = first + count;
  let place: usize = 0;
  for (let k: usize = 0; k < K && place < end; k += run, mask += 4) {
    const kept = min(<usize>i32.load(mask), min(run, K - k));
    for (let i = max(place, first); i < min(place + kept, end); i++, to += width * F) {
      const row = from + (k + i - place) * step * F;
      if (stride == 1) memory.copy(to, row, width * F);
      else for (let j: usize = 0; j < width; j++) f32.store(to + j * F, f32.load(row + j * stride * F));
    }
    place += kept;
  }
}

/** The sums of all terms, a block of the right operand after the other. */
function products(
  a: usize, aRow: usize, aStep: usize, list: usize, rows: usize, K: usize,
  b: usize, bRow: usize, bColumn: usize, N: usize, panels: usize, out: usize, ldc: usize, accumulate: bool, half: bool,
): void {
  const size: usize = half ? 2 : F;
  for (let n: usize = 0; n < N; n += COLUMNS) {
    const width = min(COLUMNS, N - n);
    // Without terms the sums are zero.
    for (let k: usize = 0; k < max<usize>(K, 1); k += ROWS) {
      const depth = min(ROWS, K - k);
      packPanels(panels, b + (k * bRow + n * bColumn) * size, depth, width, bRow, bColumn, half);
      multiplyRows(a + k * aStep * F, aRow, aStep, list, rows, depth, panels, width, out + n * F, ldc, accumulate || k > 0);
    }
  }
}

/** Adds the bias and applies the activation. */
function finish(list: usize, rows: usize, N: usize, out: usize, ldc: usize, bias: usize, activation: i32, alpha: f32, beta: f32): void {
  if (bias == 0 && activation == LINEAR) return;
  for (let m: usize = 0; m < rows; m++) {
    const row = out + (list == 0 ? m : <usize>i32.load(list + m * 4)) * ldc * F;
    let n: usize = 0;
    for (; n + 4 <= N; n += 4) {
      const x = bias == 0 ? load(row + n * F) : add(load(row + n * F), load(bias + n * F));
      v128.store(row + n * F, map(activation, x, alpha, beta));
    }
    for (; n < N; n++) {
      const x = bias == 0 ? f32.load(row + n * F) : f32.load(row + n * F) + f32.load(bias + n * F);
      f32.store(row + n * F, f32x4.extract_lane(map(activation, splat(x), alpha, beta), 0));
    }
  }
}
