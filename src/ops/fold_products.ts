/** The products of a recurrent layer around its fold: x·W + b of all steps before it, dx, dW, dR and db of all steps after it. */
import type { CellName, Params } from '../backend.ts';
import { CELLS } from '../kernels.generated.ts';
import { allocate } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { firstStep, hasRecurrentBias, slotOf } from './fold_plan.ts';
import type { Chunk, FoldPlan } from './fold_plan.ts';
import { mul } from './map.ts';
import { runProduct } from './matmul.ts';
import { columnSum } from './reduce_axes.ts';

/** null: not asked for, since what it is the gradient of is frozen. */
export interface DirectionGradients {
  kernel: Tensor | null;
  recurrentKernel: Tensor | null;
  bias: Tensor | null;
  initialState: Tensor[];
}

/** What a mask says of the products. */
export interface Flags {
  /** int32 [1+D,T,B]; the first block: real steps. */
  readonly flags: Tensor;
  /** int32 [T]: rows of a step up to the last real one. */
  readonly counts: Tensor;
}

export class FoldProducts {
  private readonly p: FoldPlan;
  private readonly facts: { GATES: number; SAVES: number };
  private readonly flags: Flags | null;

  constructor(plan: FoldPlan, flags: Flags | null) {
    this.p = plan;
    this.facts = CELLS[plan.cell];
    this.flags = flags;
  }

  /** x·W + b of a chunk's steps, into the first G blocks of its gates. */
  project(x: Tensor, chunk: Chunk): void {
    const { B, I, H, directions } = this.p;
    const { GATES, SAVES } = this.facts;
    const rows = chunk.length * B;
    directions.forEach((direction, d) => {
      this.product(
        { a: x, b: direction.kernel, bias: direction.bias, out: chunk.gates },
        { M: rows, N: GATES * H, K: I, lda: I, ldb: GATES * H, ldc: SAVES * H },
        {
          aOffset: this.inputOffset(chunk, d),
          outOffset: d * rows * SAVES * H,
          ...this.masked(chunk, d, 1),
        },
      );
    });
  }

  /** Where the chunk's steps stand in x and in dx, which are time-major. */
  private inputOffset(chunk: Chunk, d: number): number {
    return firstStep(this.p, chunk, d) * this.p.B * this.p.I;
  }

  /** dW, dR and db of a chunk from its gate gradients. */
  weights(
    x: Tensor,
    chunk: Chunk,
    d: number,
    result: DirectionGradients,
    accumulate: boolean,
  ): void {
    if (result.kernel) this.kernel(x, chunk, d, result.kernel, accumulate);
    if (result.recurrentKernel) this.recurrentKernel(chunk, d, result.recurrentKernel, accumulate);
    if (result.bias) this.bias(chunk, d, result.bias, accumulate);
  }

  private kernel(x: Tensor, chunk: Chunk, d: number, out: Tensor, accumulate: boolean): void {
    const { B, I, H } = this.p;
    const { GATES, SAVES } = this.facts;
    const rows = chunk.length * B;
    this.product(
      { a: x, b: chunk.gates, bias: null, out },
      { M: I, N: GATES * H, K: rows, lda: I, ldb: SAVES * H, ldc: GATES * H },
      {
        transA: 1,
        aOffset: this.inputOffset(chunk, d),
        bOffset: d * rows * SAVES * H,
        accumulate: Number(accumulate),
        ...this.masked(chunk, d, 2),
      },
    );
  }

  private recurrentKernel(chunk: Chunk, d: number, out: Tensor, accumulate: boolean): void {
    const { B, H } = this.p;
    const { GATES, SAVES } = this.facts;
    const rows = chunk.length * B;
    const row = SAVES * H;
    for (const block of recurrentBlocks(this.p.cell)) {
      const operand = this.operandOf(chunk, d, block.operandSlot);
      this.product(
        { a: operand.tensor, b: chunk.gates, bias: null, out },
        { M: H, N: block.count * H, K: rows, lda: operand.row, ldb: row, ldc: GATES * H },
        {
          transA: 1,
          aOffset: operand.offset,
          bOffset: d * rows * row + block.slot * H,
          outOffset: block.gate * H,
          accumulate: Number(accumulate),
          ...this.masked(chunk, d, 2),
        },
      );
      if (operand.temporary) operand.tensor.dispose();
    }
  }

  private bias(chunk: Chunk, d: number, out: Tensor, accumulate: boolean): void {
    const { device, B, H } = this.p;
    const { GATES, SAVES } = this.facts;
    const rows = chunk.length * B;
    const sum = (slot: number, count: number, outOffset: number): void =>
      columnSum(device, {
        x: chunk.gates.storage,
        rows,
        columns: count * H,
        rowStride: SAVES * H,
        offset: d * rows * SAVES * H + slot * H,
        out: out.storage,
        outOffset,
        accumulate,
      });
    sum(0, GATES, 0);
    // Of the recurrent side's bias only n differs; z and r are copied at the end.
    if (hasRecurrentBias(this.p)) sum(3, 1, 5 * H);
  }

  /** The left operand of dR: the states before each step, times their dropout, or a saved slot of the gates. */
  private operandOf(
    chunk: Chunk,
    d: number,
    slot: number | null,
  ): { tensor: Tensor; offset: number; row: number; temporary: boolean } {
    const { device, directions, B, H } = this.p;
    const row = this.facts.SAVES * H;
    if (slot !== null)
      return {
        tensor: chunk.gates,
        offset: d * chunk.length * B * row + slot * H,
        row,
        temporary: false,
      };
    const { start } = slotOf(this.p, chunk, d, 0, directions[d].reverse ? 1 : 0);
    const mask = directions[d].recurrentDropout;
    if (!mask) return { tensor: chunk.states, offset: start, row: H, temporary: false };
    const states = allocate(device, [chunk.length, B, H]);
    device.copy(chunk.states.storage, start, states.storage, 0, states.size);
    return { tensor: mul(states, mask), offset: 0, row: H, temporary: true };
  }

  /** dx of a chunk's steps, added to what is there or not. */
  input(dx: Tensor, chunk: Chunk, d: number, accumulate: boolean): void {
    const { B, I, H, directions } = this.p;
    const { GATES, SAVES } = this.facts;
    const rows = chunk.length * B;
    this.product(
      { a: chunk.gates, b: directions[d].kernel, bias: null, out: dx },
      { M: rows, N: I, K: GATES * H, lda: SAVES * H, ldb: GATES * H, ldc: I },
      {
        transB: 1,
        aOffset: d * rows * SAVES * H,
        outOffset: this.inputOffset(chunk, d),
        accumulate: Number(accumulate),
        ...this.masked(chunk, d, 1),
      },
    );
  }

  /** The recurrent side's gradients of z and r are the input side's. */
  finishBias(bias: Tensor | null): void {
    const { device, H } = this.p;
    if (!bias || !hasRecurrentBias(this.p)) return;
    const copy = allocate(device, [2 * H]);
    device.copy(bias.storage, 0, copy.storage, 0, 2 * H);
    device.copy(copy.storage, 0, bias.storage, 3 * H, 2 * H);
    copy.dispose();
  }

  /** Masked steps cost the products nothing: mode 1 masks the rows of the result, 2 the terms of the sum. */
  private masked(chunk: Chunk, d: number, mode: 1 | 2): Partial<Params<'matmul'>> {
    if (!this.flags) return {};
    const { B } = this.p;
    const first = firstStep(this.p, chunk, d);
    return { maskMode: mode, maskOffset: mode === 1 ? first * B : first, run: B };
  }

  private product(
    tensors: { a: Tensor; b: Tensor; bias: Tensor | null; out: Tensor },
    sizes: { M: number; N: number; K: number; lda: number; ldb: number; ldc: number },
    options: Partial<Params<'matmul'>>,
  ): void {
    const rowMask = (options.maskMode === 1 ? this.flags?.flags : this.flags?.counts) ?? null;
    runProduct({ ...tensors, rowMask }, { ...sizes, ...options });
  }
}

/**
 * The parts of dR: gates `gate`… of `count`, from the gradients in slots `slot`…, and the saved slot that was their left operand
 * (null: the state). LSTM and simple: one product. GRU: n has another gradient, or another operand.
 */
function recurrentBlocks(
  cell: CellName,
): readonly { gate: number; count: number; slot: number; operandSlot: number | null }[] {
  if (cell === 'gru' || cell === 'gru_reset_before')
    return [
      { gate: 0, count: 2, slot: 0, operandSlot: null },
      cell === 'gru'
        ? { gate: 2, count: 1, slot: 3, operandSlot: null }
        : { gate: 2, count: 1, slot: 2, operandSlot: 3 },
    ];
  return [{ gate: 0, count: CELLS[cell].GATES, slot: 0, operandSlot: null }];
}
