/**
 * A recurrent layer as one operation, forward and backward, whatever the length of the sequence. The mechanics of chunks, products and
 * loops are in fold.ts; here are the two ends: batch-major outside, time-major inside.
 */
import { isRecording, record } from '../autograd.ts';
import { CELLS } from '../kernels.generated.ts';
import type { Tensor } from '../tensor.ts';
import { Fold } from './fold.ts';
import { WEIGHTS } from './fold_plan.ts';
import type { Direction } from './fold_plan.ts';
import { firstUnits, padUnits, widenState } from './pad_units.ts';
import { checkRecurrent } from './recurrent_check.ts';
import type { Sizes } from './recurrent_check.ts';
import type { RecurrentOptions } from './recurrent_options.ts';
import { orderByLength, permuteRows, timeMajor } from './row_order.ts';
import type { RowOrder } from './row_order.ts';
import { sequenceMask } from './sequence_mask.ts';
import { reshape, transpose } from './shape.ts';

export type { Carry, Direction } from './fold_plan.ts';
export type { RecurrentOptions } from './recurrent_options.ts';
export type { Zoneout } from './zoneout.ts';

/** What `recurrent` gives. */
export interface RecurrentResult {
  /** [B, T, D·P] with returnSequences, else [B, D·P]; directions one after the other. P = H, unless the cell projects its first state. */
  output: Tensor;
  /** By direction: the states after the last step processed, [B,P], then [B,H] each. */
  states: Tensor[][];
  /** int32 [B]: `RecurrentOptions.elapsed` and the real steps of each row; null where that was not given. */
  elapsed: Tensor | null;
}

/** What `recurrent` in recurrent.ts does, where the kernels of the cell have been added. */
export function runRecurrent(
  x: Tensor,
  directions: readonly Direction[],
  options: RecurrentOptions,
): RecurrentResult {
  const { lengths } = options;
  const mask = lengths ? sequenceMask(lengths, x.shape[1], x.device) : (options.mask ?? null);
  const masked = { ...options, mask };
  const sizes = checkRecurrent(x, directions, masked);
  const rows = options.carry ? null : orderByLength(mask);
  if (!rows) return withWholeUnits(x, directions, masked, sizes, null);
  const { order, places } = rows;
  const sort = (tensor: Tensor): Tensor => permuteRows(tensor, order, places);
  const sorted = directions.map((direction) => ({
    ...direction,
    initialState: direction.initialState?.map(sort) ?? null,
    recurrentDropout: direction.recurrentDropout && sort(direction.recurrentDropout),
  }));
  const { output, states, elapsed } = withWholeUnits(x, sorted, masked, sizes, rows);
  const unsort = (tensor: Tensor): Tensor => permuteRows(tensor, places, order);
  return { output: unsort(output), states: states.map((own) => own.map(unsort)), elapsed };
}

/**
 * The operation with as many units as the device's kernels take: a multiple of `limits.unitMultiple`. A cell that goes step by step takes
 * any number, and a state narrower than the others is as wide as they are within, with zeros at its end.
 */
function withWholeUnits(
  x: Tensor,
  directions: readonly Direction[],
  options: RecurrentOptions & { mask: Tensor | null },
  sizes: Sizes,
  rows: RowOrder | null,
): RecurrentResult {
  const { H, P, D, B, T } = sizes;
  const facts = CELLS[options.cell];
  if (P < H) {
    const widened = directions.map((direction) => widenState(direction, P, H));
    return narrowed(foldRows(x, widened, options, sizes, rows), options, sizes, H);
  }
  const { unitMultiple, maxBindingBytes } = x.device.limits;
  const wanted = facts.foldable ? Math.ceil(H / unitMultiple) * unitMultiple : H;
  // What a step saves, twice, and the outputs must fit a binding. The states of a stream stay as they are, and float16 is for weights alone.
  const most = Math.max(2 * facts.saves.length, (options.zoneout ? 4 : 2) * facts.states.length, T);
  const fits = 4 * B * D * most * wanted <= maxBindingBytes;
  if (wanted === H || !fits || options.carry || directions[0].kernel?.dtype !== 'float32')
    return foldRows(x, directions, options, sizes, rows);
  const padded = directions.map((direction) => padUnits(direction, facts, H, wanted));
  const wide = { ...sizes, H: wanted, P: wanted };
  return narrowed(foldRows(x, padded, options, wide, rows), options, sizes, wanted);
}

/** Without what stands behind the last of `H` units, or of `P` in the first state and the output, of states that are `width` wide. */
function narrowed(
  { output, states, elapsed }: RecurrentResult,
  { returnSequences }: RecurrentOptions,
  { B, T, H, P, D }: Sizes,
  width: number,
): RecurrentResult {
  const shape = returnSequences ? [B, T] : [B];
  const first = firstUnits(reshape(output, [...shape, D, width]), P);
  return {
    output: reshape(first, [...shape, D * P]),
    states: states.map(([h, ...others]) => [
      firstUnits(h, P),
      ...others.map((state) => (H < width ? firstUnits(state, H) : state)),
    ]),
    elapsed,
  };
}

/** The operation on rows in the order that `rows` says, if any: x and the mask are not in it yet, all else is. */
function foldRows(
  x: Tensor,
  directions: readonly Direction[],
  options: RecurrentOptions & { mask: Tensor | null },
  sizes: Sizes,
  rows: RowOrder | null,
): RecurrentResult {
  const { cell, mask, returnSequences = false, carry = null, watch = null } = options;
  const { activation = 'tanh', recurrentActivation = 'sigmoid' } = options;
  const { B, T, I, H, P, D } = sizes;
  const facts = CELLS[cell];

  const weights: Tensor[] = [];
  for (const direction of directions) {
    for (const name of WEIGHTS) if (direction[name]) weights.push(direction[name]);
    if (direction.initialState) weights.push(...direction.initialState);
  }
  const recording = isRecording([x, ...weights]);
  const masking = mask && (rows || recording);
  // What is only copied into the gates is put into order by that.
  const batchMajor = !directions[0].kernel && !masking;
  const inputs = masking ? timeMajor(x, mask, rows) : batchMajor ? x : swapBatchAndTime(x);
  const sources = [inputs, ...weights];
  // Without spreading, which takes as long as all else here; streams come by at every step.
  const slots = facts.gated
    ? { cell, activation, recurrent_activation: recurrentActivation }
    : { cell, activation };
  const fold = new Fold({
    B,
    T,
    I,
    H,
    P,
    D,
    device: x.device,
    name: options.name ?? 'recurrent',
    cell,
    facts,
    batchMajor,
    variant: { slots },
    recurrentBias: facts.recurrentBias && directions[0].bias !== null,
    // A single step in reverse reads slot 1 and writes slot 0: the states of a stream stay where they are.
    directions: carry ? [{ ...directions[0], reverse: T === 1 && carry.side === 1 }] : directions,
    mask,
    order: rows?.order ?? null,
    elapsed: facts.timed ? (options.elapsed ?? null) : null,
    zoneout: options.zoneout ?? null,
    lastOnly: !returnSequences,
    zeroMasked: options.zeroOutputForMask ?? false,
    processingOrder: options.processingOrder ?? false,
    carry,
    watch,
  });
  const { y, states } = fold.forward(inputs, recording);
  record([y, ...states.flat()], sources, ([dy, ...dstates]) => {
    const count = facts.states.length;
    const ofStates = directions.map((_, d) => dstates.slice(d * count, (d + 1) * count));
    const found = fold.backward(inputs, dy, ofStates);
    return [
      found.dx,
      ...found.directions.flatMap((gradients, d) => [
        ...WEIGHTS.flatMap((name) => (directions[d][name] ? [gradients[name]] : [])),
        ...(directions[d].initialState ? gradients.initialState : []),
      ]),
    ];
  });

  // [D,T,B,H] -> [B,T,D·H] and [D,B,H] -> [B,D·H]: one transposition joins the directions and puts the batch first.
  const output = returnSequences
    ? reshape((T === 1 || B === 1) && D === 1 ? y : transpose(y, [2, 1, 0, 3]), [B, T, D * H])
    : reshape(D === 1 ? y : transpose(y, [1, 0, 2]), [B, D * H]);
  return { output, states, elapsed: fold.elapsed };
}

/** [B,T,N] <-> [T,B,N]; nothing is moved where one of them is 1. */
function swapBatchAndTime(x: Tensor): Tensor {
  const [B, T, N] = x.shape;
  return B === 1 || T === 1 ? reshape(x, [T, B, N]) : transpose(x, [1, 0, 2]);
}
