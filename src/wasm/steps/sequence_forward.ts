import { setActivation, setProducts, setRecurrentActivation, setRow, setStrides, setWeights } from '../lib/cell';
import * as cells from '../lib/cell_constants.generated';
import { forward } from '../lib/cells.generated';
import { multiplyRow } from '../lib/panels';
import { scratch } from '../lib/scratch';

// @ts-ignore: decorator
@inline
const F: usize = 4;
// @ts-ignore: decorator
@inline
const Y_LAST: i32 = 1;
// @ts-ignore: decorator
@inline
const Y_ALL: i32 = 2;

/**
 * The forward kernels of shaders/sequence/, row by row with the recurrent kernel as it stands: nothing is packed for a single step. There is
 * no dropout, since nothing is trained, and what would be saved for that is left behind only where it costs nothing.
 */
export function sequenceForward(
  recurrentKernel: usize, recurrentBias: usize, unitWeights: usize, flags: usize, gates: usize, states: usize, y: usize,
  T: usize, B: usize, H: usize, D: usize, total: usize, offset: usize, reverse: u32, hasBias: i32, hasMask: i32, hasInitial: i32,
  yMode: i32, processingOrder: i32, cell: i32,
  activation: i32, activationAlpha: f32, activationBeta: f32, activationFromValue: i32,
  recurrentActivation: i32, recurrentActivationAlpha: f32, recurrentActivationBeta: f32, recurrentActivationFromValue: i32,
): void {
  setActivation(activation, activationAlpha, activationBeta, activationFromValue != 0);
  setRecurrentActivation(
    recurrentActivation, recurrentActivationAlpha, recurrentActivationBeta, recurrentActivationFromValue != 0,
  );
  const saves = cells.saves(cell);
  const count = cells.states(cell);
  const weights = cells.unitWeights(cell);
  const stateStride = (T + 1) * B * H * F;
  const most = max(cells.firstProducts(cell), cells.products(cell) - cells.firstProducts(cell));
  // Four units are computed at once: where their number is no multiple of four, a row is computed elsewhere, with room behind its end.
  const padded = (H & 3) != 0;
  const width = ((H + 3) & ~3) * F;
  const products = scratch((most + (padded ? saves + 2 * count + weights : 0)) * width);
  const paddedSaved = products + most * width;
  const paddedBefore = paddedSaved + saves * width;
  const paddedAfter = paddedBefore + count * width;
  const paddedWeights = paddedAfter + count * width;
  setStrides(width, padded ? width : stateStride, 0);
  setProducts(products, 0);

  for (let d: usize = 0; d < D; d++) {
    const backwards = ((reverse >> <u32>d) & 1) == 1;
    const ownWeights = unitWeights + d * weights * H * F;
    if (padded) padWeights(paddedWeights, ownWeights, weights, H, width);
    setWeights(padded ? paddedWeights : ownWeights);
    const columns = cells.products(cell);
    const kernel = recurrentKernel + d * H * columns * H * F;
    const bias = hasBias == 1 ? recurrentBias + d * columns * H * F : 0;
    for (let s: usize = 0; s < T; s++) {
      const t = backwards ? T - 1 - s : s;
      const start = backwards ? total - offset - T : offset;
      for (let b: usize = 0; b < B; b++) {
        const flag = flags + ((start + t) * B + b) * F;
        const kept = hasMask == 1 ? i32.load(flag + (1 + d) * total * B * F) : 1;
        const time = hasMask == 1 ? <u32>(kept - 1) : <u32>(offset + s);
        const row = states + (d * count * (T + 1) * B + b) * H * F;
        const before = row + (t + <usize>backwards) * B * H * F;
        const after = row + (t + 1 - <usize>backwards) * B * H * F;
        if (s == 0 && hasInitial == 0)
          for (let q: usize = 0; q < count; q++) memory.fill(before + q * stateStride, 0, H * F);
        if (hasMask == 1 && i32.load(flag) == 0) {
          for (let q: usize = 0; q < count; q++) memory.copy(after + q * stateStride, before + q * stateStride, H * F);
        } else {
          const saved = gates + ((d * T + t) * B + b) * saves * H * F;
          if (padded) {
            copyRows(paddedSaved, width, saved, H * F, cells.gates(cell), H);
            copyRows(paddedBefore, width, before, stateStride, count, H);
            setRow(paddedSaved, paddedBefore, paddedAfter, paddedBefore, time);
            computeRow(cell, paddedSaved, paddedBefore, products, kernel, bias, H, width);
            copyRows(after, stateStride, paddedAfter, width, count, H);
          } else {
            setRow(saved, before, after, before, time);
            computeRow(cell, saved, before, products, kernel, bias, H, width);
          }
        }
        const place = processingOrder == 1 ? s : t;
        if (yMode == Y_ALL) writeOutput(y + ((d * T + place) * B + b) * H * F, after, kept != 0, H);
        else if (yMode == Y_LAST && s == T - 1) writeOutput(y + (d * B + b) * H * F, after, kept != 0, H);
      }
    }
  }
}

/** The products and the cell of each phase. */
function computeRow(cell: i32, saved: usize, state: usize, products: usize, kernel: usize, bias: usize, H: usize, width: usize): void {
  const columns = cells.products(cell);
  const phases = <i32>cells.phases(cell);
  let first: usize = 0;
  for (let phase = 0; phase < phases; phase++) {
    const count = phase == 0 ? cells.firstProducts(cell) : columns - first;
    const operand = phase == 0 ? state : saved + cells.operandSlot(cell) * width;
    // Without room between them the products of all gates are one.
    const blocks: usize = width == H * F ? 1 : count;
    const size = width == H * F ? count * H : H;
    for (let k: usize = 0; k < blocks; k++) {
      if (bias != 0) memory.copy(products + k * width, bias + (first + k) * H * F, size * F);
      if (size > 0) multiplyRow(operand, H, kernel + (first + k) * H * F, columns * H, size, products + k * width, bias != 0, false);
    }
    forward(cell, phase, width);
    first += count;
  }
}

/** The output of a row: its first state, or zeros. */
function writeOutput(y: usize, state: usize, kept: bool, H: usize): void {
  if (kept) memory.copy(y, state, H * F);
  else memory.fill(y, 0, H * F);
}

/** The units' weights with room behind each row, filled with ones, which no cell minds. */
function padWeights(to: usize, from: usize, rows: usize, H: usize, width: usize): void {
  for (let k: usize = 0; k < rows; k++, to += width) {
    v128.store(to + width - 16, f32x4.splat(1));
    memory.copy(to, from + k * H * F, H * F);
  }
}

/** Rows of H numbers to others, at other distances. */
function copyRows(to: usize, toStride: usize, from: usize, fromStride: usize, rows: usize, H: usize): void {
  for (let k: usize = 0; k < rows; k++) memory.copy(to + k * toStride, from + k * fromStride, H * F);
}
