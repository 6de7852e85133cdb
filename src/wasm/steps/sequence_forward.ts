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
 * no dropout, since nothing is trained.
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
  const row = H * F;
  const saves = cells.saves(cell);
  const count = cells.states(cell);
  const columns = cells.products(cell);
  const firstColumns = cells.firstProducts(cell);
  const phases = <i32>cells.phases(cell);
  const stateStride = (T + 1) * B * row;
  const products = scratch(max(firstColumns, columns - firstColumns) * row);
  setStrides(row, stateStride, 0);

  for (let d: usize = 0; d < D; d++) {
    const backwards = ((reverse >> <u32>d) & 1) == 1;
    setWeights(unitWeights + d * cells.unitWeights(cell) * row);
    const kernel = recurrentKernel + d * H * columns * row;
    const bias = hasBias == 1 ? recurrentBias + d * columns * row : 0;
    for (let s: usize = 0; s < T; s++) {
      const t = backwards ? T - 1 - s : s;
      const start = backwards ? total - offset - T : offset;
      for (let b: usize = 0; b < B; b++) {
        const flag = flags + ((start + t) * B + b) * F;
        const kept = hasMask == 1 ? i32.load(flag + (1 + d) * total * B * F) : 1;
        const time = hasMask == 1 ? <u32>(kept - 1) : <u32>(offset + s);
        const first = states + (d * count * (T + 1) * B + b) * row;
        const before = first + (t + <usize>backwards) * B * row;
        const after = first + (t + 1 - <usize>backwards) * B * row;
        if (s == 0 && hasInitial == 0)
          for (let q: usize = 0; q < count; q++) memory.fill(before + q * stateStride, 0, row);
        if (hasMask == 1 && i32.load(flag) == 0) {
          for (let q: usize = 0; q < count; q++) memory.copy(after + q * stateStride, before + q * stateStride, row);
        } else {
          const saved = gates + ((d * T + t) * B + b) * saves * row;
          setRow(saved, before, after, before, time);
          for (let phase = 0; phase < phases; phase++) {
            const from = phase == 0 ? 0 : firstColumns * row;
            const N = (phase == 0 ? firstColumns : columns - firstColumns) * H;
            const operand = phase == 0 ? before : saved + cells.operandSlot(cell) * row;
            multiplyRow(operand, H, kernel + from, columns * H, N, products, false, false);
            setProducts(products, bias == 0 ? 0 : bias + from);
            forward(cell, phase, row);
          }
        }
        const place = processingOrder == 1 ? s : t;
        if (yMode == Y_ALL) writeOutput(y + ((d * T + place) * B + b) * row, after, kept != 0, row);
        else if (yMode == Y_LAST && s == T - 1) writeOutput(y + (d * B + b) * row, after, kept != 0, row);
      }
    }
  }
}

/** The output of a row: its first state, or zeros. */
function writeOutput(y: usize, state: usize, kept: bool, row: usize): void {
  if (kept) memory.copy(y, state, row);
  else memory.fill(y, 0, row);
}
