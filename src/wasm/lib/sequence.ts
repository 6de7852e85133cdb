// Time in a sequence, and where a step stands in memory: shaders/lib/sequence.wgsl. Addresses are of the first row of a step.
import { add, F, load, mul } from './lanes';
import { multiplyRow, multiplyRows, packPanels, panelBytes } from './panels';

// @ts-ignore: decorator
@inline
const Y_LAST: i32 = 1;
// @ts-ignore: decorator
@inline
const Y_ALL: i32 = 2;

let T: usize = 0;
let B: usize = 0;
/** Bytes of a row of H numbers. */
let row: usize = 0;
let total: usize = 0;
let offset: usize = 0;
let reverse: u32 = 0;
let yMode: i32 = 0;
let processingOrder: i32 = 0;

/** The parameters of the kernel that runs. */
export function setSequence(steps: usize, rows: usize, units: usize, all: usize, done: usize, reversed: u32, mode: i32, order: i32): void {
  T = steps;
  B = rows;
  row = units * F;
  total = all;
  offset = done;
  reverse = reversed;
  yMode = mode;
  processingOrder = order;
}

function isReversed(d: usize): bool {
  return ((reverse >> <u32>d) & 1) == 1;
}
/** The time step of processing step s, counted from the chunk's first. */
export function timeOf(d: usize, s: usize): usize {
  return isReversed(d) ? T - 1 - s : s;
}
/** The states before a step and after it, in [D,count,T+1,B,H]. */
export function stateBefore(states: usize, count: usize, d: usize, t: usize): usize {
  return stateAt(states, count, d, isReversed(d) ? t + 1 : t);
}
export function stateAfter(states: usize, count: usize, d: usize, t: usize): usize {
  return stateAt(states, count, d, isReversed(d) ? t : t + 1);
}
function stateAt(states: usize, count: usize, d: usize, place: usize): usize {
  return states + (d * count * (T + 1) + place) * B * row;
}
/** What a step saves, in [D,T,B,count·H]. */
export function gatesAt(gates: usize, count: usize, d: usize, t: usize): usize {
  return gates + (d * T + t) * B * count * row;
}
/** In [1+D,total,B]: which rows are real, or what part 1 + d says of direction d. */
export function flagsAt(flags: usize, part: usize, d: usize, t: usize): usize {
  const first = isReversed(d) ? total - offset - T : offset;
  return flags + (part * total + first + t) * B * 4;
}
/** The output of a step, in [D,T,B,H] or [D,B,H]; 0 where it has none. */
export function outputAt(y: usize, d: usize, s: usize): usize {
  if (yMode == Y_ALL) return y + (d * T + (processingOrder == 1 ? s : timeOf(d, s))) * B * row;
  return yMode == Y_LAST && s == T - 1 ? y + d * B * row : 0;
}

/** Writes the places of the rows that a step computes to a list; returns how many they are. */
export function listReal(list: usize, flags: usize, rows: usize): usize {
  let count: usize = 0;
  for (let r: usize = 0; r < rows; r++) {
    i32.store(list + count * 4, <i32>r);
    count += <usize>(i32.load(flags + r * 4) != 0);
  }
  return count;
}

/** The n-th row that a step computes: of a list, or of all. */
// @ts-ignore: decorator
@inline
export function rowOf(list: usize, n: usize): usize {
  return list == 0 ? n : <usize>i32.load(list + n * 4);
}

/** How many steps that are not masked row r has behind it, of flags of its direction. */
// @ts-ignore: decorator
@inline
export function timeOfRow(flags: usize, r: usize, s: usize): u32 {
  return flags == 0 ? <u32>(offset + s) : i32.load(flags + r * 4) - 1;
}

/** The state of the rows that a step computes, times their dropout masks. */
export function drop(to: usize, state: usize, dropout: usize, list: usize, count: usize): void {
  for (let n: usize = 0; n < count; n++) {
    const at = rowOf(list, n) * row;
    multiplyInto(to + at, state + at, dropout + at);
  }
}
/** A row of a times one of b. */
export function multiplyInto(to: usize, a: usize, b: usize): void {
  let i: usize = 0;
  for (; i + 16 <= row; i += 16) v128.store(to + i, mul(load(a + i), load(b + i)));
  for (; i < row; i += F) f32.store(to + i, f32.load(a + i) * f32.load(b + i));
}
/** Adds a row to another. */
export function addTo(to: usize, from: usize): void {
  let i: usize = 0;
  for (; i + 16 <= row; i += 16) v128.store(to + i, add(load(to + i), load(from + i)));
  for (; i < row; i += F) f32.store(to + i, f32.load(to + i) + f32.load(from + i));
}

/** Rows that `multiplyRows` computes together. The rest are multiplied one by one with b as it stands, so that for fewer it is not packed. */
// @ts-ignore: decorator
@inline
const TILE: usize = 4;

/** Bytes of b [K,N] packed, for so many rows of a batch. */
export function packedBytes(rows: usize, K: usize, N: usize): usize {
  return rows < TILE ? 0 : panelBytes(K, N);
}
/** Packs b [K,N], its rows `stride` apart, where `multiplyReal` needs that. @param half whether b is float16 */
export function pack(to: usize, rows: usize, b: usize, stride: usize, K: usize, N: usize, half: bool): void {
  if (rows >= TILE) packPanels(to, b, K, N, stride, 1, half);
}
/**
 * out [rows,N], its rows `ldc` apart: the products of the rows that a step computes.
 *
 * @param a the left operands, `lda` apart
 * @param b [K,N] as it stands, its rows `stride` apart
 * @param panels b packed
 * @param half whether b is float16
 */
export function multiplyReal(
  list: usize, count: usize, a: usize, lda: usize, b: usize, stride: usize, panels: usize, K: usize, N: usize,
  out: usize, ldc: usize, half: bool,
): void {
  const tiled = count & ~(TILE - 1);
  multiplyRows(a, lda, 1, list, tiled, K, panels, N, out, ldc, false);
  for (let n = tiled; n < count; n++) {
    const r = rowOf(list, n);
    multiplyRow(a + r * lda * F, K, b, stride, N, out + r * ldc * F, false, half);
  }
}
