// The packed matrix product (Goto and van de Geijn 2008): the right operand is rearranged into panels of eight columns, so that the innermost
// loop reads it in order, and tiles of six or four rows by eight columns stay in registers over the whole of K. Six rows fit only where there is a
// fused multiply-add; with them 512³ takes 4.43 ms where four take 4.97 (V8, Zen 5), since eight sums do not fill two units of four cycles.
import { loadHalf, oneHalf } from './half';
import { add, F, load, madd, splat } from './lanes';

/** Columns of a panel. */
// @ts-ignore: decorator
@inline
const WIDTH: usize = 8;
/** Rows that are multiplied with one panel after the other: they stay in the second cache. */
// @ts-ignore: decorator
@inline
const BLOCK: usize = 96;
/** Bytes of K rows of N columns in panels. */
export function panelBytes(K: usize, N: usize): usize {
  return ((N + WIDTH - 1) / WIDTH) * K * WIDTH * F;
}

/**
 * Packs b [K,N], whose element (k, n) stands at k·rowStride + n·columnStride, into panels: each is [K,8], the last is filled up with zeros.
 *
 * @param half whether b is float16
 */
export function packPanels(to: usize, b: usize, K: usize, N: usize, rowStride: usize, columnStride: usize, half: bool): void {
  const size: usize = half ? 2 : F;
  for (let n: usize = 0; n < N; n += WIDTH) {
    const width = min(WIDTH, N - n);
    let from = b + n * columnStride * size;
    if (width == WIDTH && columnStride == 1) {
      for (let k: usize = 0; k < K; k++, from += rowStride * size, to += WIDTH * F) {
        v128.store(to, lowOf(from, half));
        v128.store(to, highOf(from, half), 16);
      }
    } else {
      for (let k: usize = 0; k < K; k++, from += rowStride * size, to += WIDTH * F)
        for (let j: usize = 0; j < WIDTH; j++)
          f32.store(to + j * F, j < width ? oneOf(from + j * columnStride * size, half) : 0);
    }
  }
}

/** The first four and the next four numbers of b from an address on, and the first alone. */
// @ts-ignore: decorator
@inline
function lowOf(at: usize, half: bool): v128 {
  return half ? loadHalf(at) : load(at);
}
// @ts-ignore: decorator
@inline
function highOf(at: usize, half: bool): v128 {
  return half ? loadHalf(at + 8) : v128.load(at, 16);
}
// @ts-ignore: decorator
@inline
function oneOf(at: usize, half: bool): f32 {
  return half ? oneHalf(at) : f32.load(at);
}

/** The address of a row: the n-th of those in a list, where there is one. */
// @ts-ignore: decorator
@inline
function rowAt(base: usize, rows: usize, n: usize, stride: usize): usize {
  return base + (rows == 0 ? n : <usize>i32.load(rows + n * 4)) * stride * F;
}

/** The first `width` of eight sums to memory, added to what is there or not. */
function put(out: usize, low: v128, high: v128, width: usize, accumulate: bool): void {
  if (width == WIDTH) {
    v128.store(out, accumulate ? add(load(out), low) : low);
    v128.store(out, accumulate ? add(load(out + 16), high) : high, 16);
  } else {
    putPart(out, low, high, width, accumulate);
  }
}
function putPart(out: usize, low: v128, high: v128, width: usize, accumulate: bool): void {
  let four = low;
  for (let j: usize = 0; j < width; j++, out += F) {
    if (j == 4) four = high;
    const value = f32x4.extract_lane(four, 0);
    f32.store(out, accumulate ? f32.load(out) + value : value);
    four = i32x4.shuffle(four, four, 1, 2, 3, 0);
  }
}

/** Four rows by a panel. */
function fourRows(a0: usize, a1: usize, a2: usize, a3: usize, step: usize, K: usize, panel: usize,
  o0: usize, o1: usize, o2: usize, o3: usize, width: usize, accumulate: bool): void {
  let l0 = splat(0), l1 = splat(0), l2 = splat(0), l3 = splat(0);
  let h0 = splat(0), h1 = splat(0), h2 = splat(0), h3 = splat(0);
  const end = panel + K * WIDTH * F;
  for (let at: usize = 0; panel < end; panel += WIDTH * F, at += step) {
    const low = load(panel), high = load(panel + 16);
    let a = v128.load32_splat(a0 + at);
    l0 = madd(a, low, l0), h0 = madd(a, high, h0);
    a = v128.load32_splat(a1 + at);
    l1 = madd(a, low, l1), h1 = madd(a, high, h1);
    a = v128.load32_splat(a2 + at);
    l2 = madd(a, low, l2), h2 = madd(a, high, h2);
    a = v128.load32_splat(a3 + at);
    l3 = madd(a, low, l3), h3 = madd(a, high, h3);
  }
  put(o0, l0, h0, width, accumulate);
  put(o1, l1, h1, width, accumulate);
  put(o2, l2, h2, width, accumulate);
  put(o3, l3, h3, width, accumulate);
}

/** Six rows by a panel. */
function sixRows(a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, step: usize, K: usize, panel: usize,
  o0: usize, o1: usize, o2: usize, o3: usize, o4: usize, o5: usize, width: usize, accumulate: bool): void {
  let l0 = splat(0), l1 = splat(0), l2 = splat(0), l3 = splat(0), l4 = splat(0), l5 = splat(0);
  let h0 = splat(0), h1 = splat(0), h2 = splat(0), h3 = splat(0), h4 = splat(0), h5 = splat(0);
  const end = panel + K * WIDTH * F;
  for (let at: usize = 0; panel < end; panel += WIDTH * F, at += step) {
    const low = load(panel), high = load(panel + 16);
    let a = v128.load32_splat(a0 + at);
    l0 = madd(a, low, l0), h0 = madd(a, high, h0);
    a = v128.load32_splat(a1 + at);
    l1 = madd(a, low, l1), h1 = madd(a, high, h1);
    a = v128.load32_splat(a2 + at);
    l2 = madd(a, low, l2), h2 = madd(a, high, h2);
    a = v128.load32_splat(a3 + at);
    l3 = madd(a, low, l3), h3 = madd(a, high, h3);
    a = v128.load32_splat(a4 + at);
    l4 = madd(a, low, l4), h4 = madd(a, high, h4);
    a = v128.load32_splat(a5 + at);
    l5 = madd(a, low, l5), h5 = madd(a, high, h5);
  }
  put(o0, l0, h0, width, accumulate);
  put(o1, l1, h1, width, accumulate);
  put(o2, l2, h2, width, accumulate);
  put(o3, l3, h3, width, accumulate);
  put(o4, l4, h4, width, accumulate);
  put(o5, l5, h5, width, accumulate);
}

/** One row by one panel. */
function oneRow(a: usize, step: usize, K: usize, panel: usize, out: usize, width: usize, accumulate: bool): void {
  let low = splat(0), high = splat(0);
  const end = panel + K * WIDTH * F;
  for (; panel < end; panel += WIDTH * F, a += step) {
    const x = v128.load32_splat(a);
    low = madd(x, load(panel), low);
    high = madd(x, load(panel + 16), high);
  }
  put(out, low, high, width, accumulate);
}

/**
 * out[m, 0..N) = Σ_k a[m, k]·b[k, ·] of M rows, or adds to what is there. Each sum runs over k in its order, whatever the number of rows.
 *
 * @param a the element (m, k) stands at m·aRow + k·aStep
 * @param rows int32 [M], which rows of a and out are meant; 0: the first M
 * @param panels b as `packPanels` arranges it
 */
export function multiplyRows(a: usize, aRow: usize, aStep: usize, rows: usize, M: usize, K: usize, panels: usize, N: usize,
  out: usize, ldc: usize, accumulate: bool): void {
  const step = aStep * F;
  const panelSize = K * WIDTH * F;
  for (let first: usize = 0; first < M; first += BLOCK) {
    const last = min(first + BLOCK, M);
    let panel = panels;
    for (let n: usize = 0; n < N; n += WIDTH, panel += panelSize) {
      const width = min(WIDTH, N - n);
      const to = out + n * F;
      let m = first;
      if (ASC_FEATURE_RELAXED_SIMD)
        // Eight and nine rows are left for tiles of four.
        for (; m + 6 <= last && ((last - m) | 1) != 9; m += 6)
          sixRows(rowAt(a, rows, m, aRow), rowAt(a, rows, m + 1, aRow), rowAt(a, rows, m + 2, aRow), rowAt(a, rows, m + 3, aRow),
            rowAt(a, rows, m + 4, aRow), rowAt(a, rows, m + 5, aRow), step, K, panel, rowAt(to, rows, m, ldc), rowAt(to, rows, m + 1, ldc),
            rowAt(to, rows, m + 2, ldc), rowAt(to, rows, m + 3, ldc), rowAt(to, rows, m + 4, ldc), rowAt(to, rows, m + 5, ldc), width, accumulate);
      for (; m + 4 <= last; m += 4)
        fourRows(rowAt(a, rows, m, aRow), rowAt(a, rows, m + 1, aRow), rowAt(a, rows, m + 2, aRow), rowAt(a, rows, m + 3, aRow), step, K, panel,
          rowAt(to, rows, m, ldc), rowAt(to, rows, m + 1, ldc), rowAt(to, rows, m + 2, ldc), rowAt(to, rows, m + 3, ldc), width, accumulate);
      for (; m < last; m++) oneRow(rowAt(a, rows, m, aRow), step, K, panel, rowAt(to, rows, m, ldc), width, accumulate);
    }
  }
}

/**
 * out[0..N) = Σ_k a[k]·b[k, ·], or goes on adding to what is there, of b [K,ldb] as it stands: a single row reads it once, so that packing would
 * not pay. Four terms are added to eight columns at a time, which is twice as fast as keeping many columns in registers over all of K.
 *
 * @param half whether b is float16
 */
export function multiplyRow(a: usize, K: usize, b: usize, ldb: usize, N: usize, out: usize, accumulate: bool, half: bool): void {
  if (half) multiplyRowOf(true, a, K, b, ldb, N, out, accumulate);
  else multiplyRowOf(false, a, K, b, ldb, N, out, accumulate);
}
// @ts-ignore: decorator
@inline
function multiplyRowOf(half: bool, a: usize, K: usize, b: usize, ldb: usize, N: usize, out: usize, accumulate: bool): void {
  const size: usize = half ? 2 : F;
  if (!accumulate) memory.fill(out, 0, N * F);
  const row = ldb * size;
  const end = out + N * F;
  const whole = out + (N & ~7) * F;
  const last = a + K * F;
  for (; a + 16 <= last; a += 16, b += 4 * row) {
    const x0 = v128.load32_splat(a), x1 = v128.load32_splat(a, 4), x2 = v128.load32_splat(a, 8), x3 = v128.load32_splat(a, 12);
    let b0 = b, b1 = b + row, b2 = b1 + row, b3 = b2 + row, at = out;
    for (; at < whole; at += 32, b0 += 8 * size, b1 += 8 * size, b2 += 8 * size, b3 += 8 * size) {
      let low = load(at), high = v128.load(at, 16);
      low = madd(x0, lowOf(b0, half), low), high = madd(x0, highOf(b0, half), high);
      low = madd(x1, lowOf(b1, half), low), high = madd(x1, highOf(b1, half), high);
      low = madd(x2, lowOf(b2, half), low), high = madd(x2, highOf(b2, half), high);
      low = madd(x3, lowOf(b3, half), low), high = madd(x3, highOf(b3, half), high);
      v128.store(at, low), v128.store(at, high, 16);
    }
    for (; at < end; at += F, b0 += size, b1 += size, b2 += size, b3 += size) {
      let sum = v128.load32_zero(at);
      sum = madd(x0, splat(oneOf(b0, half)), sum);
      sum = madd(x1, splat(oneOf(b1, half)), sum);
      sum = madd(x2, splat(oneOf(b2, half)), sum);
      sum = madd(x3, splat(oneOf(b3, half)), sum);
      v128.store_lane<f32>(at, sum, 0);
    }
  }
  for (; a < last; a += F, b += row) {
    const x = v128.load32_splat(a);
    let from = b, at = out;
    for (; at < whole; at += 16, from += 4 * size) v128.store(at, madd(x, lowOf(from, half), load(at)));
    for (; at < end; at += F, from += size) v128.store_lane<f32>(at, madd(x, splat(oneOf(from, half)), v128.load32_zero(at)), 0);
  }
}

// ---- panels that were packed before -------------------------------------------------------------------------------------

let packedBefore: usize = 0;

/** Says where the panels of the next call's right operand stand. */
export function setPanels(at: usize): void {
  packedBefore = at;
}
/** Where they stand, for this call alone; 0 where it packs them itself. Steppers pack themselves. */
export function takePanels(): usize {
  if (STEPS == 1) return 0;
  const at = packedBefore;
  packedBefore = 0;
  return at;
}
