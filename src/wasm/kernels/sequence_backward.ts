import {
  setActivation, setGradients, setRecurrentActivation, setRow, setStrides, setWeights,
} from '../lib/cell';
import * as facts from '../lib/cell_constants.generated';
import { backward } from '../lib/cells.generated';
import { F } from '../lib/lanes';
import { meanGradients } from '../lib/moments';
import { scratch } from '../lib/scratch';
import {
  addTo, drop, flagsAt, gatesAt, listReal, multiplyInto, multiplyReal, outputAt, pack, packedBytes, rowOf, setSequence, stateAfter, stateBefore, timeOf, timeOfRow,
} from '../lib/sequence';
import { addHeld, holdBack, setZoneout } from '../lib/zoneout';

/**
 * The backward kernels of shaders/sequence/: a cell over time in reverse. A step computes the gradients of the cell in all rows that are not
 * masked, and multiplies them with the transpose of R, phase by phase.
 */
export function sequenceBackward(
  recurrentKernelT: usize, flags: usize, dropout: usize, unitWeights: usize, dy: usize, states: usize, gates: usize, gradients: usize,
  T: usize, B: usize, H: usize, P: usize, D: usize, total: usize, offset: usize, reverse: u32,
  hasMask: i32, hasDropout: i32, yMode: i32, processingOrder: i32,
  zoneout: i32, outputZoneout: f32, stateZoneout: f32, seedLow: u32, seedHigh: u32, ordered: i32,
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
  const phases = <i32>facts.phases(cell);
  setSequence(T, B, H, total, offset, reverse, yMode, processingOrder);
  setZoneout(zoneout, outputZoneout, stateZoneout, seedLow, seedHigh, ordered == 1 ? flags + (1 + D) * total * B * 4 : 0, H);
  setStrides(row, (T + 1) * B * row, B * row);
  setActivation(activation, activationAlpha, activationBeta, activationFromValue == 1);
  setRecurrentActivation(
    recurrentActivation, recurrentActivationAlpha, recurrentActivationBeta, recurrentActivationFromValue == 1,
  );

  const firstProducts = facts.firstProducts(cell);
  const firstK = firstProducts * H;
  const laterK = facts.projected(cell) == 1 ? P : products * H - firstK;
  const firstPacked = packedBytes(rows, firstK, P);
  const listBytes = (rows * 4 + 15) & ~15;
  const list = scratch(listBytes + rows * (products + 3 + stateCount) * row + firstPacked + packedBytes(rows, laterK, H));
  const masked = list + listBytes;
  const back = masked + rows * row;
  const through = back + rows * row;
  const gathered = through + rows * row;
  const held = gathered + rows * products * row;
  const panels = held + rows * stateCount * row;
  memory.fill(through, 0, rows * row);
  // With zoneout, what the cell made stands behind the states of all directions.
  const made = zoneout == 0 ? 0 : D * stateCount * (T + 1) * B * row;

  for (let d: usize = 0; d < D; d++) {
    const kernel = recurrentKernelT + d * products * P * row;
    pack(panels, rows, kernel, P, firstK, P, false);
    pack(panels + firstPacked, rows, kernel + firstProducts * P * row, H, laterK, H, false);
    setWeights(unitWeights + d * facts.unitWeights(cell) * row);
    const gradient = gradients + (d * (stateCount + 1) * B + first) * row;
    for (let s = T; s > 0; ) {
      s--;
      const t = timeOf(d, s);
      const before = stateBefore(states, stateCount, d, t) + first * row;
      const after = stateAfter(states, stateCount, d, t) + made + first * row;
      const saved = gatesAt(gates, saves, d, t) + first * saves * row;
      const mask = hasMask == 1 ? flagsAt(flags, 0, d, t) + first * 4 : 0;
      const kept = hasMask == 1 ? flagsAt(flags, 1 + d, d, t) + first * 4 : 0;
      const count = mask == 0 ? rows : listReal(list, mask, rows);
      const real = count == rows ? 0 : list;

      const output = outputAt(dy, d, s);
      if (output != 0)
        for (let r: usize = 0; r < rows; r++)
          if (kept == 0 || i32.load(kept + r * 4) != 0) addTo(gradient + r * row, output + (first + r) * row);
      if (zoneout != 0)
        for (let n: usize = 0; n < count; n++) {
          const r = rowOf(real, n);
          holdBack((reverse >> <u32>d) & 1, offset + s, first + r, gradient + r * row, B * row, held + r * row, rows * row, stateCount);
        }
      let operand = before;
      if (hasDropout == 1) {
        operand = masked;
        drop(masked, before, dropout + (d * B + first) * row, real, count);
      }
      for (let end = phases; end > 0; ) {
        // Phases without products follow at once, row by row.
        const phase = laterK > 0 ? end - 1 : 0;
        for (let n: usize = 0; n < count; n++) {
          const r = rowOf(real, n);
          const place = saved + r * saves * row;
          setRow(place, before + r * row, after + r * row, operand + r * row, timeOfRow(kept, r, s));
          setGradients(gradient + r * row, back + r * row, through + r * row);
          for (let q = end - 1; q >= phase; q--) {
            const moments = facts.moments(cell, q);
            if (moments != 0) meanGradients(place, row, moments);
            backward(cell, q, row);
          }
        }
        end = phase;
        const isFirst = phase == 0;
        const begin = isFirst ? 0 : firstProducts;
        const many = isFirst ? firstProducts : products - firstProducts;
        const K = isFirst ? firstK : laterK;
        const N = isFirst ? P : H;
        const slot = neighbours(cell, begin, many);
        if (slot < 0) gather(gathered, saved, cell, begin, many, real, count, row);
        const left = slot < 0 ? gathered : saved + slot * row;
        const packed = isFirst ? panels : panels + firstPacked;
        multiplyReal(real, count, left, slot < 0 ? K : saves * H, kernel + begin * P * row, N, packed, K, N, back, H, false);
      }
      for (let n: usize = 0; n < count; n++) {
        const at = rowOf(real, n) * row;
        // Nothing comes back to what stands behind a projected state.
        if (P < H) memory.fill(back + at + P * F, 0, (H - P) * F);
        if (facts.through(cell) == 1) addTo(back + at, through + at);
        if (hasDropout == 1) multiplyInto(back + at, back + at, dropout + (d * B + first) * row + at);
        addTo(gradient + at, back + at);
        if (zoneout != 0) addHeld(gradient + at, B * row, held + at, rows * row, stateCount);
      }
      if (count < rows)
        for (let r: usize = 0; r < rows; r++)
          if (i32.load(mask + r * 4) == 0) memory.fill(saved + r * saves * row, 0, saves * row);
    }
  }
}

/** The saved slot where the gradient of product k stands. */
function slotOf(cell: i32, k: usize): usize {
  return (facts.productSlots(cell) >> (4 * k)) & 15;
}
/** The first of the slots where the gradients of `count` products from product k on stand, one after the other; -1 where they do not. */
function neighbours(cell: i32, k: usize, count: usize): isize {
  for (let i: usize = 1; i < count; i++) if (slotOf(cell, k + i) != slotOf(cell, k) + i) return -1;
  return count == 0 ? 0 : slotOf(cell, k);
}
/** to [rows,count·H]: the gradients of `count` products from product k on. */
function gather(to: usize, saved: usize, cell: i32, k: usize, count: usize, list: usize, real: usize, row: usize): void {
  for (let n: usize = 0; n < real; n++) {
    const r = rowOf(list, n);
    for (let i: usize = 0; i < count; i++)
      memory.copy(to + (r * count + i) * row, saved + (r * facts.saves(cell) + slotOf(cell, k + i)) * row, row);
  }
}
