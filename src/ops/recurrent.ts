/**
 * A recurrent layer as one operation, forward and backward, whatever the length of the sequence. The mechanics of chunks,
 * products and folds are in fold.ts; here are shapes, checks and the two ends: batch-major outside, time-major inside.
 */
import { ACTIVATION_CODES } from '../activation-codes.ts';
import type { CellActivation } from '../activation-codes.ts';
import { isRecording, record } from '../autograd.ts';
import type { CellName } from '../backend.ts';
import { CELLS } from '../kernels.generated.ts';
import { sameShape, sizeOf } from '../tensor.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { Fold } from './fold.ts';
import type { Carry, Direction } from './fold_plan.ts';
import { orderByLength, permuteRows, timeMajor } from './row_order.ts';
import type { RowOrder } from './row_order.ts';
import { sequenceMask } from './sequence_mask.ts';
import { reshape, transpose } from './shape.ts';

export type { Carry, Direction } from './fold_plan.ts';

export interface RecurrentOptions {
  cell: CellName;
  /** What errors call this operation: the layer's name. 'recurrent' by default. */
  name?: string;
  /** tanh by default; sigmoid, relu, hardSigmoid, linear. */
  activation?: CellActivation;
  /** sigmoid by default; of the gates. */
  recurrentActivation?: CellActivation;
  /** int32 [B,T]: 0 where a step is masked. Any pattern. null: every step is real. */
  mask?: Tensor | null;
  /** Instead of a mask: the number of real steps of each row, padded on the right; int32 [B] or numbers. */
  lengths?: Tensor | readonly number[] | null;
  /** Every step's output instead of the last one's. */
  returnSequences?: boolean;
  /** Outputs of masked steps are zero instead of repeating the last real step's. */
  zeroOutputForMask?: boolean;
  /** With `reverse`: outputs in the order of processing (Keras' goBackwards) instead of the order of time. */
  processingOrder?: boolean;
  /**
   * Of one direction in `noGrad`: the call goes on from these states and leaves its own on their other side. Masked steps
   * repeat the output of the call before.
   */
  carry?: Carry | null;
}

export interface RecurrentResult {
  /** [B, T, D·H] with returnSequences, else [B, D·H]; directions one after the other. */
  output: Tensor;
  /** By direction: the states after the last step processed, each [B,H]. */
  states: Tensor[][];
}

/**
 * Folds a gated cell over a batch of sequences, in one direction or in two side by side.
 *
 * Masks have Keras' semantics: a masked step passes the states through; its output repeats the last real step's, and is
 * zero before the first one (or always, with `zeroOutputForMask`).
 *
 * @param x [B,T,I], T >= 1
 * @param directions one, or two (bidirectional) of the same sizes
 * @throws where shapes do not fit, or the tensors are beyond the device's limits
 */
export function recurrent(
  x: Tensor,
  directions: readonly Direction[],
  options: RecurrentOptions,
): RecurrentResult {
  const { lengths } = options;
  const mask = lengths ? sequenceMask(lengths, x.shape[1], x.device) : (options.mask ?? null);
  const masked = { ...options, mask };
  const sizes = check(x, directions, masked);
  const rows = options.carry ? null : orderByLength(mask);
  if (!rows) return foldRows(x, directions, masked, sizes, null);
  const { order, places } = rows;
  const sort = (tensor: Tensor): Tensor => permuteRows(tensor, order, places);
  const sorted = directions.map((direction) => ({
    ...direction,
    initialState: direction.initialState?.map(sort) ?? null,
    recurrentDropout: direction.recurrentDropout && sort(direction.recurrentDropout),
  }));
  const { output, states } = foldRows(x, sorted, masked, sizes, rows);
  const unsort = (tensor: Tensor): Tensor => permuteRows(tensor, places, order);
  return { output: unsort(output), states: states.map((own) => own.map(unsort)) };
}

/** The operation on rows in the order that `rows` says, if any: x and the mask are not in it yet, all else is. */
function foldRows(
  x: Tensor,
  directions: readonly Direction[],
  options: RecurrentOptions & { mask: Tensor | null },
  sizes: Sizes,
  rows: RowOrder | null,
): RecurrentResult {
  const { cell, mask, returnSequences = false, carry = null } = options;
  const { B, T, H, D } = sizes;

  const weights = directions.flatMap((direction) => [
    direction.kernel,
    direction.recurrentKernel,
    ...(direction.bias ? [direction.bias] : []),
    ...(direction.initialState ?? []),
  ]);
  const recording = isRecording([x, ...weights]);
  const inputs = mask && (rows || recording) ? timeMajor(x, mask, rows) : swapBatchAndTime(x);
  const sources = [inputs, ...weights];
  const fold = new Fold({
    ...sizes,
    device: x.device,
    name: options.name ?? 'recurrent',
    cell,
    constants: {
      ACTIVATION: ACTIVATION_CODES[options.activation ?? 'tanh'],
      // A cell without gates has no such constant.
      RECURRENT_ACTIVATION:
        CELLS[cell].GATES > 1
          ? ACTIVATION_CODES[options.recurrentActivation ?? 'sigmoid']
          : undefined,
    },
    // A single step in reverse reads slot 1 and writes slot 0: the states of a stream stay where they are.
    directions: carry ? [{ ...directions[0], reverse: T === 1 && carry.side === 1 }] : directions,
    mask,
    order: rows?.order ?? null,
    lastOnly: !returnSequences,
    zeroMasked: options.zeroOutputForMask ?? false,
    processingOrder: options.processingOrder ?? false,
    carry,
  });
  const { y, states } = fold.forward(inputs, recording);
  record([y, ...states.flat()], sources, ([dy, ...dstates]) => {
    const count = CELLS[cell].STATES;
    const found = fold.backward(
      inputs,
      dy,
      directions.map((_, d) => dstates.slice(d * count, (d + 1) * count)),
    );
    return [
      found.dx,
      ...found.directions.flatMap((gradients, d) => [
        gradients.kernel,
        gradients.recurrentKernel,
        ...(directions[d].bias ? [gradients.bias] : []),
        ...(directions[d].initialState ? gradients.initialState : []),
      ]),
    ];
  });

  // [D,T,B,H] -> [B,T,D·H] and [D,B,H] -> [B,D·H]: one transposition joins the directions and puts the batch first.
  const output = returnSequences
    ? reshape((T === 1 || B === 1) && D === 1 ? y : transpose(y, [2, 1, 0, 3]), [B, T, D * H])
    : reshape(D === 1 ? y : transpose(y, [1, 0, 2]), [B, D * H]);
  return { output, states };
}

/** [B,T,N] <-> [T,B,N]; nothing is moved where one of them is 1. */
function swapBatchAndTime(x: Tensor): Tensor {
  const [B, T, N] = x.shape;
  return B === 1 || T === 1 ? reshape(x, [T, B, N]) : transpose(x, [1, 0, 2]);
}

interface Sizes {
  B: number;
  T: number;
  I: number;
  H: number;
  D: number;
}

function check(x: Tensor, directions: readonly Direction[], options: RecurrentOptions): Sizes {
  const { cell, mask, name = 'recurrent' } = options;
  const G = CELLS[cell].GATES;
  if (x.rank !== 3 || x.dtype !== 'float32')
    throw new Error(`${name}: expected a float32 input of shape [batch, time, features], got ${x}`);
  const [B, T, I] = x.shape;
  if (sizeOf(x.shape) === 0)
    throw new Error(
      `${name}: the input ${x} is empty; give at least one row, one time step and one feature`,
    );
  const D = directions.length;
  if (D !== 1 && D !== 2) throw new Error(`${name}: expected 1 or 2 directions, got ${D}`);
  const H = directions[0].recurrentKernel.shape[0];
  for (const activation of [options.activation, options.recurrentActivation])
    if (activation !== undefined && !(activation in ACTIVATION_CODES))
      throw new Error(
        `${name}: the activation of a cell is one of ${Object.keys(ACTIVATION_CODES).join(', ')}; got '${String(activation)}'`,
      );
  const expectShape = (what: string, tensor: Tensor, shape: Shape): void => {
    if (!sameShape(tensor.shape, shape) || tensor.dtype === 'int32')
      throw new Error(
        `${name} (${cell}): expected ${what} of shape [${shape.join(',')}], got ${tensor}`,
      );
  };
  for (const direction of directions) {
    expectShape('a kernel', direction.kernel, [I, G * H]);
    expectShape('a recurrent kernel', direction.recurrentKernel, [H, G * H]);
    if (direction.bias)
      expectShape('a bias', direction.bias, cell === 'gru' ? [2, G * H] : [G * H]);
    if (!direction.bias !== !directions[0].bias)
      throw new Error(`${name}: either both directions have a bias, or none`);
    if (direction.initialState) {
      if (direction.initialState.length !== CELLS[cell].STATES)
        throw new Error(
          `${name} (${cell}): expected ${CELLS[cell].STATES} initial states, got ${direction.initialState.length}`,
        );
      for (const state of direction.initialState) expectShape('an initial state', state, [B, H]);
    }
    if (direction.recurrentDropout)
      expectShape('a recurrent dropout mask', direction.recurrentDropout, [B, H]);
  }
  if (mask && (!sameShape(mask.shape, [B, T]) || mask.dtype !== 'int32'))
    throw new Error(
      `${name}: expected an int32 mask of shape [batch, time] = [${B},${T}], got ${mask}`,
    );
  return { B, T, I, H, D };
}
