import {
  setActivation, setGradients, setRecurrentActivation, setRow, setStrides, setUnit, setWeights,
} from '../lib/cell';
import * as facts from '../lib/cell_constants.generated';
import { backward } from '../lib/cells.generated';
import { add, load, mul } from '../lib/lanes';
import { multiplyRow, multiplyRows, packPanels, panelBytes } from '../lib/panels';
import { scratch } from '../lib/scratch';
import {
  drop, F, flagsAt, gatesAt, listReal, outputAt, rowOf, setSequence, stateAfter, stateBefore, timeOf, timeOfRow, WORTH_PACKING,
} from '../lib/sequence';

/**
 * The backward kernels of shaders/sequence/: a cell over time in reverse. A step computes the gradients of the cell in all rows that are not
 * masked, and multiplies them with the transpose of R, phase by phase.
 */
export function sequenceBackward(
  recurrentKernelT: usize, flags: usize, dropout: usize, unitWeights: usize, dy: usize, states: usize, gates: usize, gradients: usize,
  T: usize, B: usize, H: usize, D: usize, total: usize, offset: usize, reverse: u32,
  hasMask: i32, hasDropout: i32, yMode: i32, processingOrder: i32,
  cell: i32, activation: i32, activationAlpha: f32, activationBeta: f32, activationFromValue: i32,
  recurrentActivation: i32, recurrentActivationAlpha: f32, recurrentActivationBeta: f32, recurrentActivationFromValue: i32,
  part: usize, parts: usize,
): void {
  const share = (B + parts - 1) / parts;
  const first = min(part * share, B);
  const rows = min(share, B - first);
  if (rows == 0) return;
  const row = H * F;
  const stateCount = facts.states(cell);
  const saves = facts.saves(cell);
  const products = facts.products(cell);
  setSequence(T, B, H, total, offset, reverse, yMode, processingOrder);
  setStrides(row, (T + 1) * B * row, B * row);
  setActivation(activation, activationAlpha, activationBeta, activationFromValue == 1);
  setRecurrentActivation(
    recurrentActivation, recurrentActivationAlpha, recurrentActivationBeta, recurrentActivationFromValue == 1,
  );

  const pack = rows * T >= WORTH_PACKING;
  const listBytes = (rows * 4 + 15) & ~15;
  const list = scratch(listBytes + 3 * rows * row + products * panelBytes(H, H));
  const masked = list + listBytes;
  const back = masked + rows * row;
  const through = back + rows * row;
  const panels = through + rows * row;
  memory.fill(back, 0, 2 * rows * row);

  for (let d: usize = 0; d < D; d++) {
    const kernel = recurrentKernelT + d * products * H * row;
    if (pack) packRuns(panels, kernel, cell, H);
    setWeights(unitWeights + d * facts.unitWeights(cell) * row);
    const gradient = gradients + (d * (stateCount + 1) * B + first) * row;
    for (let s = T; s > 0; ) {
      s--;
      const t = timeOf(d, s);
      const before = stateBefore(states, stateCount, d, t) + first * row;
      const after = stateAfter(states, stateCount, d, t) + first * row;
      const saved = gatesAt(gates, saves, d, t) + first * saves * row;
      const mask = hasMask == 1 ? flagsAt(flags, 0, d, t) + first * 4 : 0;
      const kept = hasMask == 1 ? flagsAt(flags, 1 + d, d, t) + first * 4 : 0;
      const count = mask == 0 ? rows : listReal(list, mask, rows);
      const real = count == rows ? 0 : list;

      const output = outputAt(dy, d, s);
      if (output != 0) addOutput(gradient, output + first * row, kept, rows, row);
      let operand = before;
      if (hasDropout == 1) {
        operand = masked;
        drop(masked, before, dropout + (d * B + first) * row, real, count, row);
      }
      for (let phase = <i32>facts.phases(cell) - 1; phase >= 0; phase--) {
        for (let n: usize = 0; n < count; n++) {
          const r = rowOf(real, n);
          setRow(saved + r * saves * row, before + r * row, after + r * row, operand + r * row, timeOfRow(kept, r, s));
          setGradients(gradient + r * row, back + r * row, through + r * row);
          for (let unit: usize = 0; unit < row; unit += 16) {
            setUnit(unit);
            backward(cell, phase);
          }
        }
        multiplyPhase(phase, cell, saved, real, count, H, pack ? panels : 0, kernel, back);
      }
      for (let n: usize = 0; n < count; n++) {
        const at = rowOf(real, n) * row;
        const mask = hasDropout == 1 ? dropout + (d * B + first) * row + at : 0;
        for (let unit: usize = 0; unit < row; unit += 16) {
          const found = add(load(through + at + unit), load(back + at + unit));
          const to = gradient + at + unit;
          v128.store(to, add(load(to), mask == 0 ? found : mul(found, load(mask + unit))));
        }
      }
      if (count < rows)
        for (let r: usize = 0; r < rows; r++)
          if (i32.load(mask + r * 4) == 0) memory.fill(saved + r * saves * row, 0, saves * row);
    }
  }
}

/** The gradient of the outputs of a step, in rows that have one. */
function addOutput(gradient: usize, dy: usize, kept: usize, rows: usize, row: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    if (kept != 0 && i32.load(kept + r * 4) == 0) continue;
    for (let at = r * row; at < (r + 1) * row; at += 16) v128.store(gradient + at, add(load(gradient + at), load(dy + at)));
  }
}

/** How many products from product k on, and before `end`, have gradients in neighbouring slots: they are one product. */
function runFrom(k: usize, end: usize, cell: i32): usize {
  let next = k + 1;
  while (next < end && slotOf(next, cell) == slotOf(next - 1, cell) + 1) next++;
  return next - k;
}
/** The saved slot where the gradient of product k stands. */
function slotOf(k: usize, cell: i32): usize {
  return (facts.productSlots(cell) >> (4 * k)) & 15;
}
function firstProduct(phase: i32, cell: i32): usize {
  return phase == 0 ? 0 : facts.firstProducts(cell);
}
function endProduct(phase: i32, cell: i32): usize {
  return phase == 0 ? facts.firstProducts(cell) : facts.products(cell);
}

/** Packs the transpose of R, [PRODUCTS·H,H], by the runs in it. */
function packRuns(panels: usize, kernel: usize, cell: i32, H: usize): void {
  for (let phase: i32 = 0; phase < <i32>facts.phases(cell); phase++) {
    const end = endProduct(phase, cell);
    let run: usize = 0;
    for (let k = firstProduct(phase, cell); k < end; k += run) {
      run = runFrom(k, end, cell);
      packPanels(panels + k * panelBytes(H, H), kernel + k * H * H * F, run * H, H, H, 1);
    }
  }
}

/** out [rows,H]: the gradients of a phase's products times the transpose of R. @param panels packed, or 0 */
function multiplyPhase(
  phase: i32, cell: i32, saved: usize, list: usize, count: usize, H: usize, panels: usize, kernel: usize, out: usize,
): void {
  const stride = facts.saves(cell) * H;
  const begin = firstProduct(phase, cell);
  const end = endProduct(phase, cell);
  if (begin == end) for (let n: usize = 0; n < count; n++) memory.fill(out + rowOf(list, n) * H * F, 0, H * F);
  let run: usize = 0;
  for (let k = begin; k < end; k += run) {
    run = runFrom(k, end, cell);
    const left = saved + slotOf(k, cell) * H * F;
    if (panels != 0) {
      multiplyRows(left, stride, 1, list, count, run * H, panels + k * panelBytes(H, H), H, out, H, k > begin);
      continue;
    }
    for (let n: usize = 0; n < count; n++) {
      const r = rowOf(list, n);
      multiplyRow(left + r * stride * F, run * H, kernel + k * H * H * F, H, H, out + r * H * F, k > begin);
    }
  }
}
