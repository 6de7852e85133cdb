import * as facts from '../lib/cell_constants.generated';
import { setActivation, setProducts, setRecurrentActivation, setRow, setStrides, setWeights } from '../lib/cell';
import { forward } from '../lib/cells.generated';
import { F } from '../lib/lanes';
import { takeMoments } from '../lib/moments';
import { takePanels } from '../lib/panels';
import { scratch } from '../lib/scratch';
import {
  drop, flagsAt, gatesAt, listReal, multiplyReal, outputAt, pack, packedBytes, rowOf, setSequence, stateAfter, stateBefore, timeOf, timeOfRow,
} from '../lib/sequence';
import { setZoneout, zoneOut } from '../lib/zoneout';

/**
 * The forward kernels of shaders/sequence/: a cell over time. A step multiplies all rows that are not masked with R, phase by phase, and then
 * computes the cell in each of them, and what moments it has there. Rows do not meet: a thread takes some of them through all steps.
 */
export function sequenceForward(
  recurrentKernel: usize, flags: usize, dropout: usize, unitWeights: usize, recurrentBias: usize, states: usize, gates: usize, y: usize,
  T: usize, B: usize, H: usize, P: usize, D: usize, total: usize, offset: usize, reverse: u32,
  hasBias: i32, hasMask: i32, hasDropout: i32, yMode: i32, hasInitial: i32, processingOrder: i32,
  zoneout: i32, keepsMade: i32, outputZoneout: f32, stateZoneout: f32, seedLow: u32, seedHigh: u32, ordered: i32,
  cell: i32, activation: i32, activationAlpha: f32, activationBeta: f32, activationFromValue: i32,
  recurrentActivation: i32, recurrentActivationAlpha: f32, recurrentActivationBeta: f32, recurrentActivationFromValue: i32,
  recurrentKernelHalf: i32, part: usize, parts: usize,
): void {
  const share = (B + parts - 1) / parts;
  const first = min(part * share, B);
  const rows = min(share, B - first);
  if (rows == 0) return;
  const row = H * F;
  const half = recurrentKernelHalf == 1;
  const size: usize = half ? 2 : F;
  const stateCount = facts.states(cell);
  const saves = facts.saves(cell);
  const products = facts.products(cell);
  const phases = <i32>facts.phases(cell);
  const projected = facts.projected(cell) == 1;
  const width = products * H;
  const firstWidth = facts.firstProducts(cell) * H;
  const laterWidth = projected ? P : width - firstWidth;
  // In R, where the weights of later products begin, and from one row to the next: a projection is a matrix of its own behind the others.
  const laterBegin = projected ? P * firstWidth : firstWidth;
  const firstStride = projected ? firstWidth : width;
  const laterStride = projected ? P : width;
  setSequence(T, B, H, total, offset, reverse, yMode, processingOrder);
  setZoneout(zoneout, outputZoneout, stateZoneout, seedLow, seedHigh, ordered == 1 ? flags + (1 + D) * total * B * 4 : 0, H);
  setStrides(row, (T + 1) * B * row, 0);
  setActivation(activation, activationAlpha, activationBeta, activationFromValue == 1);
  setRecurrentActivation(
    recurrentActivation, recurrentActivationAlpha, recurrentActivationBeta, recurrentActivationFromValue == 1,
  );

  const listBytes = (rows * 4 + 15) & ~15;
  const firstPacked = packedBytes(rows, P, firstWidth);
  const list = scratch(listBytes + rows * (width + H) * F + firstPacked + packedBytes(rows, H, laterWidth));
  const sums = list + listBytes;
  // A projection has sums of its own, so that there are zeros behind the last of them.
  const laterSums = projected ? sums + rows * firstWidth * F : sums;
  if (projected) memory.fill(laterSums, 0, rows * row);
  const masked = sums + rows * width * F;
  const given = takePanels();
  const panels = given != 0 ? given : masked + rows * row;

  for (let d: usize = 0; d < D; d++) {
    const kernel = recurrentKernel + d * P * width * size;
    const bias = hasBias == 1 ? recurrentBias + d * width * F : 0;
    if (given == 0) {
      pack(panels, rows, kernel, firstStride, P, firstWidth, half);
      pack(panels + firstPacked, rows, kernel + laterBegin * size, laterStride, H, laterWidth, half);
    }
    setWeights(unitWeights + d * facts.unitWeights(cell) * row);
    for (let s: usize = 0; s < T; s++) {
      const t = timeOf(d, s);
      const before = stateBefore(states, stateCount, d, t) + first * row;
      const after = stateAfter(states, stateCount, d, t) + first * row;
      const stateStride = (T + 1) * B * row;
      if (s == 0 && hasInitial == 0)
        for (let q: usize = 0; q < stateCount; q++) memory.fill(before + q * stateStride, 0, rows * row);

      const mask = hasMask == 1 ? flagsAt(flags, 0, d, t) + first * 4 : 0;
      const kept = hasMask == 1 ? flagsAt(flags, 1 + d, d, t) + first * 4 : 0;
      const count = mask == 0 ? rows : listReal(list, mask, rows);
      const real = count == rows ? 0 : list;
      let operand = before;
      if (hasDropout == 1) {
        operand = masked;
        drop(masked, before, dropout + (d * B + first) * row, real, count);
      }
      const saved = gatesAt(gates, saves, d, t) + first * saves * row;
      for (let phase: i32 = 0; phase < phases; ) {
        const isFirst = phase == 0;
        const left = isFirst ? operand : saved + facts.operandSlot(cell) * row;
        const weights = isFirst ? kernel : kernel + laterBegin * size;
        const packed = isFirst ? panels : panels + firstPacked;
        const stride = isFirst ? firstStride : laterStride;
        const N = isFirst ? firstWidth : laterWidth;
        const out = isFirst ? sums : laterSums;
        const ldc = projected && !isFirst ? H : N;
        multiplyReal(real, count, left, isFirst ? H : saves * H, weights, stride, packed, isFirst ? P : H, N, out, ldc, half);
        // Phases without products follow at once, row by row.
        const end = isFirst && laterWidth > 0 ? 1 : phases;
        for (let n: usize = 0; n < count; n++) {
          const r = rowOf(real, n);
          const place = saved + r * saves * row;
          setRow(place, before + r * row, after + r * row, operand + r * row, timeOfRow(kept, r, s));
          setProducts(out + r * ldc * F, bias == 0 ? 0 : isFirst ? bias : bias + firstWidth * F);
          for (let q = phase; q < end; q++) {
            forward(cell, q, row);
            const moments = facts.moments(cell, q);
            if (moments != 0) takeMoments(place, row, moments);
          }
        }
        phase = end;
      }
      // The others pass their states on.
      if (count < rows)
        for (let r: usize = 0; r < rows; r++)
          if (i32.load(mask + r * 4) == 0)
            for (let q: usize = 0; q < stateCount; q++)
              memory.copy(after + q * stateStride + r * row, before + q * stateStride + r * row, row);
      if (keepsMade == 1) {
        const made = after + D * stateCount * stateStride;
        for (let q: usize = 0; q < stateCount; q++) memory.copy(made + q * stateStride, after + q * stateStride, rows * row);
      }
      if (zoneout != 0)
        for (let n: usize = 0; n < count; n++) {
          const r = rowOf(real, n);
          zoneOut((reverse >> <u32>d) & 1, offset + s, first + r, before + r * row, after + r * row, stateCount, stateStride);
        }
      writeOutput(outputAt(y, d, s), first, after, kept, rows, row);
    }
  }
}

/** The outputs of a step, if it has any: the new states, and zeros in rows that have none to keep. */
function writeOutput(y: usize, first: usize, state: usize, kept: usize, rows: usize, row: usize): void {
  if (y == 0) return;
  const to = y + first * row;
  memory.copy(to, state, rows * row);
  if (kept != 0)
    for (let r: usize = 0; r < rows; r++) if (i32.load(kept + r * 4) == 0) memory.fill(to + r * row, 0, row);
}
