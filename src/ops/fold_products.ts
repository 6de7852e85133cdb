/** The products of a recurrent operation around its loop: x·W + b of all steps before it; dx, dW, dR, db of all steps after it. */
import type { Params } from '../backend.ts';
import { allocate } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { firstStep, slotOf } from './fold_plan.ts';
import type { Chunk, DirectionGradients, FoldPlan } from './fold_plan.ts';
import { mul } from './map.ts';
import { runProduct } from './matmul.ts';
import { columnSum } from './reduce_axes.ts';
import { slice } from './slice.ts';
import { copyStrided } from './strided.ts';
import { reshape } from './views.ts';

/** What a mask says of the products. */
export interface Flags {
  /** int32 [1+D,T,B]; the first block: real steps. */
  readonly flags: Tensor;
  /** int32 [T]: rows of a step up to the last real one. */
  readonly counts: Tensor;
}

/** Where a gradient goes. */
interface Target {
  readonly out: Tensor;
  readonly outOffset: number;
  readonly accumulate: boolean;
}

export class FoldProducts {
  private readonly p: FoldPlan;
  private readonly flags: Flags | null;
  /** Columns of the kernel, of the recurrent kernel, and of what is saved. */
  private readonly columns: number;
  private readonly recurrentColumns: number;
  private readonly saved: number;

  constructor(plan: FoldPlan, flags: Flags | null) {
    this.p = plan;
    this.flags = flags;
    this.columns = plan.facts.gates.length * plan.H;
    this.recurrentColumns = plan.facts.recurrentGates * plan.H;
    this.saved = plan.facts.saves.length * plan.H;
  }

  /** x·W + b of a chunk's steps, into the first G blocks of its gates. */
  project(x: Tensor, chunk: Chunk): void {
    const { B, I, directions } = this.p;
    const rows = chunk.length * B;
    directions.forEach(({ kernel, bias }, d) => {
      if (!kernel) return this.copyInput(x, chunk, d, true);
      this.product(
        { a: x, b: kernel, bias, out: chunk.gates },
        { M: rows, N: this.columns, K: I, lda: I, ldb: this.columns, ldc: this.saved },
        {
          aOffset: this.inputOffset(chunk, d),
          outOffset: d * rows * this.saved,
          ...this.masked(chunk, d, 1),
        },
      );
    });
  }

  /** Between the gates' input sides in x, or their gradients in dx, and the first G blocks of a chunk's gates. */
  private copyInput(x: Tensor, chunk: Chunk, d: number, toGates: boolean): void {
    const { B, T, I, batchMajor } = this.p;
    const [step, row] = batchMajor ? [I, T * I] : [B * I, I];
    const input = {
      tensor: x,
      step,
      row,
      offset: firstStep(this.p, chunk, d) * step + d * this.columns,
    };
    const offset = d * chunk.length * B * this.saved;
    const gates = { tensor: chunk.gates, step: B * this.saved, row: this.saved, offset };
    const [from, to] = toGates ? [input, gates] : [gates, input];
    const axes = [
      { extent: chunk.length, from: from.step, to: to.step },
      { extent: B, from: from.row, to: to.row },
      { extent: this.columns, from: 1, to: 1 },
    ];
    copyStrided(this.p.name, from.tensor, to.tensor, axes, from.offset, to.offset);
  }

  /** Where the chunk's steps stand in x and in dx, which are time-major. */
  private inputOffset(chunk: Chunk, d: number): number {
    return firstStep(this.p, chunk, d) * this.p.B * this.p.I;
  }

  /** dx of a chunk's steps, added to what is there or not. */
  input(dx: Tensor, chunk: Chunk, d: number, accumulate: boolean): void {
    const { B, I, directions } = this.p;
    const rows = chunk.length * B;
    const { kernel } = directions[d];
    if (!kernel) return this.copyInput(dx, chunk, d, false);
    this.product(
      { a: chunk.gates, b: kernel, bias: null, out: dx },
      { M: rows, N: I, K: this.columns, lda: this.saved, ldb: this.columns, ldc: I },
      {
        transB: 1,
        aOffset: d * rows * this.saved,
        outOffset: this.inputOffset(chunk, d),
        accumulate: Number(accumulate),
        ...this.masked(chunk, d, 1),
      },
    );
  }

  /** dW, dR, db and the gradients of projections and unit weights of a chunk, from its gate gradients. */
  weights(
    x: Tensor,
    chunk: Chunk,
    d: number,
    result: DirectionGradients,
    accumulate: boolean,
  ): void {
    if (result.kernel) this.kernel(x, chunk, d, result.kernel, accumulate);
    if (result.recurrentKernel) this.recurrentKernel(chunk, d, result.recurrentKernel, accumulate);
    if (result.projection) this.projection(chunk, d, result.projection, accumulate);
    if (result.bias) this.bias(chunk, d, result.bias, accumulate);
    if (result.unitWeights) this.unitWeights(chunk, d, result.unitWeights, accumulate);
  }

  private kernel(x: Tensor, chunk: Chunk, d: number, out: Tensor, accumulate: boolean): void {
    const { B, I } = this.p;
    const rows = chunk.length * B;
    this.product(
      { a: x, b: chunk.gates, bias: null, out },
      { M: I, N: this.columns, K: rows, lda: I, ldb: this.saved, ldc: this.columns },
      {
        transA: 1,
        aOffset: this.inputOffset(chunk, d),
        bOffset: d * rows * this.saved,
        accumulate: Number(accumulate),
        ...this.masked(chunk, d, 2),
      },
    );
  }

  private recurrentKernel(chunk: Chunk, d: number, out: Tensor, accumulate: boolean): void {
    const { H, P, facts } = this.p;
    for (const { product, count, slot, operandSlot } of facts.products) {
      const sizes = { M: P, N: count * H, ldc: this.recurrentColumns };
      const outOffset = product * H;
      this.operandProduct(chunk, d, { slot, operandSlot }, sizes, { out, outOffset, accumulate });
    }
  }

  private projection(chunk: Chunk, d: number, out: Tensor, accumulate: boolean): void {
    const { H, P, facts } = this.p;
    const sizes = { M: H, N: P, ldc: P };
    this.operandProduct(chunk, d, facts.projection!, sizes, { out, outOffset: 0, accumulate });
  }

  /** operandᵀ · (saved slots from `slot` on), over all steps and rows. */
  private operandProduct(
    chunk: Chunk,
    d: number,
    { slot, operandSlot }: { slot: number; operandSlot: number | null },
    sizes: { M: number; N: number; ldc: number },
    { out, outOffset, accumulate }: Target,
  ): void {
    const { B, H } = this.p;
    const rows = chunk.length * B;
    const operand = this.operandOf(chunk, d, operandSlot);
    this.product(
      { a: operand.tensor, b: chunk.gates, bias: null, out },
      { ...sizes, K: rows, lda: operand.row, ldb: this.saved },
      {
        transA: 1,
        aOffset: operand.offset,
        bOffset: d * rows * this.saved + slot * H,
        outOffset,
        accumulate: Number(accumulate),
        ...this.masked(chunk, d, 2),
      },
    );
    if (operand.temporary) operand.tensor.dispose();
  }

  /** The left operand: the states before each step, times their dropout, or a saved slot of the gates. */
  private operandOf(
    chunk: Chunk,
    d: number,
    slot: number | null,
  ): { tensor: Tensor; offset: number; row: number; temporary: boolean } {
    const { directions, B, H } = this.p;
    if (slot !== null)
      return {
        tensor: chunk.gates,
        offset: d * chunk.length * B * this.saved + slot * H,
        row: this.saved,
        temporary: false,
      };
    const mask = directions[d].recurrentDropout;
    if (mask) {
      const states = this.statesAround(chunk, d, 0, false);
      return { tensor: mul(states, mask), offset: 0, row: H, temporary: true };
    }
    const { start } = slotOf(this.p, chunk, d, 0, directions[d].reverse ? 1 : 0);
    return { tensor: chunk.states, offset: start, row: H, temporary: false };
  }

  /** [length,B,H]: a state before each step of a chunk in the order of time, or as the cell made it. */
  private statesAround(chunk: Chunk, d: number, state: number, after: boolean): Tensor {
    const { device, directions, zoneout, B, H, D } = this.p;
    const place = after && zoneout ? D + d : d;
    const { start } = slotOf(this.p, chunk, place, state, Number(directions[d].reverse !== after));
    const states = allocate(device, [chunk.length, B, H]);
    device.copy(chunk.states.storage, start, states.storage, 0, states.size);
    return states;
  }

  private bias(chunk: Chunk, d: number, out: Tensor, accumulate: boolean): void {
    const { H, facts } = this.p;
    this.slotSum(chunk, d, 0, facts.gates.length, { out, outOffset: 0, accumulate });
    if (!this.p.recurrentBias) return;
    // Where the gradient of a recurrent product is that of its gate, it is copied at the end.
    for (const { product, gate, count, slot } of facts.products)
      if (slot !== gate) {
        const outOffset = this.columns + product * H;
        this.slotSum(chunk, d, slot, count, { out, outOffset, accumulate });
      }
  }

  /** Sums saved slots over all steps and rows that the mask leaves in. */
  private slotSum(
    chunk: Chunk,
    d: number,
    slot: number,
    count: number,
    { out, outOffset, accumulate }: Target,
  ): void {
    const { device, B, H } = this.p;
    const rows = chunk.length * B;
    columnSum(device, {
      x: chunk.gates.storage,
      rows,
      columns: count * H,
      rowStride: this.saved,
      offset: d * rows * this.saved + slot * H,
      out: out.storage,
      outOffset,
      accumulate,
      rowMask: this.flags?.flags.storage ?? null,
      maskOffset: firstStep(this.p, chunk, d) * B,
    });
  }

  /** The recurrent side's gradients that are those of the gates. */
  finishBias(bias: Tensor | null): void {
    const { device, H, facts } = this.p;
    if (!bias || !this.p.recurrentBias) return;
    for (const { product, gate, count, slot } of facts.products) {
      if (slot !== gate) continue;
      const copy = allocate(device, [count * H]);
      device.copy(bias.storage, gate * H, copy.storage, 0, count * H);
      device.copy(copy.storage, 0, bias.storage, this.columns + product * H, count * H);
      copy.dispose();
    }
  }

  private unitWeights(chunk: Chunk, d: number, out: Tensor, accumulate: boolean): void {
    const { device, B, H, D, facts } = this.p;
    const rows = chunk.length * B;
    facts.unitWeights.forEach(({ gradient }, k) => {
      if (!gradient) return;
      const { slot, factor } = gradient;
      const target = { out, outOffset: k * H, accumulate };
      if (!factor) return this.slotSum(chunk, d, slot, 1, target);
      const gates = reshape(chunk.gates, [D * rows, this.saved]);
      const gateGradient = slice(gates, [d * rows, slot * H], [rows, H]);
      const state = this.statesAround(chunk, d, factor.state, factor.after);
      const terms = mul(gateGradient, reshape(state, [rows, H]));
      columnSum(device, { x: terms.storage, rows, columns: H, ...target, out: out.storage });
    });
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
    options: Partial<Omit<Params<'matmul'>, keyof typeof sizes | 'hasBias'>>,
  ): void {
    const rowMask = (options.maskMode === 1 ? this.flags?.flags : this.flags?.counts) ?? null;
    runProduct({ ...tensors, rowMask }, sizes, options);
  }
}
