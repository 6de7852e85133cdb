/**
 * The mechanics of a recurrent layer, time-major: for all steps x·W + b, then the fold; backward, the fold in reverse, then
 * dW, dR, db and dx as products over all steps. A long sequence is cut into chunks that own what they save, so that no binding
 * grows with T; the states are carried from chunk to chunk.
 */
import type { Bindings, CellName, Device, Params, Storage } from '../backend.ts';
import { CELLS } from '../kernels.generated.ts';
import { allocate, sizeOf, Tensor, zeros } from '../tensor.ts';
import type { Shape } from '../tensor.ts';
import { mul } from './map.ts';
import { columnSum } from './reduce_axes.ts';
import { transpose } from './shape.ts';

/** At most so many steps a dispatch: browsers end dispatches that run for long. */
const CHUNK = 256;
const Y = { none: 0, last: 1, all: 2 } as const;

export interface FoldDirection {
  readonly kernel: Tensor;
  readonly recurrentKernel: Tensor;
  readonly bias: Tensor | null;
  readonly initialState: readonly Tensor[] | null;
  readonly reverse: boolean;
  readonly recurrentDropout?: Tensor | null;
}

export interface FoldPlan {
  readonly device: Device;
  readonly cell: CellName;
  readonly constants: Readonly<Record<string, number | undefined>>;
  readonly directions: readonly FoldDirection[];
  /** int32 [B,T] */
  readonly mask: Tensor | null;
  readonly lastOnly: boolean;
  readonly zeroMasked: boolean;
  readonly processingOrder: boolean;
  readonly B: number;
  readonly T: number;
  readonly I: number;
  readonly H: number;
  readonly D: number;
}

/** `length` steps of every direction, `offset` steps after its own beginning. What the fold saves lives here. */
interface Chunk {
  readonly offset: number;
  readonly length: number;
  gates: Tensor; // [D,length,B,SAVES·H]: activated, and after backward their gradients
  states: Tensor; // [D,STATES,length+1,B,H]
}

export interface DirectionGradients {
  kernel: Tensor;
  recurrentKernel: Tensor;
  bias: Tensor | null;
  initialState: Tensor[];
}

export class Fold {
  private readonly p: FoldPlan;
  private readonly facts: { GATES: number; SAVES: number; STATES: number };
  /** The reset-after GRU has a bias on the recurrent side of its own. */
  private readonly hasRecurrentBias: boolean;
  private readonly chunkLengths: number[];
  private chunks: Chunk[] = [];
  private flags: Tensor | null = null;
  private dropout: Tensor | null = null;
  private recurrentKernels: Tensor | null = null;
  private used = false;

  constructor(plan: FoldPlan) {
    this.p = plan;
    this.facts = CELLS[plan.cell];
    this.hasRecurrentBias = plan.cell === 'gru' && plan.directions[0].bias !== null;
    this.chunkLengths = chunkLengths(plan, this.facts);
  }

  /** y [D,T,B,H] (or [D,B,H]) and, by direction, the final states. Keeps what backward needs if `recording`. */
  forward(x: Tensor, recording: boolean): { y: Tensor; states: Tensor[][] } {
    const { device, directions, B, T, H, D, mask } = this.p;
    this.flags = mask ? this.makeFlags(mask) : null;
    this.recurrentKernels = stack(directions.map((direction) => direction.recurrentKernel));
    const masks = directions.map((direction) => direction.recurrentDropout ?? null);
    this.dropout = masks[0] ? stack(masks as Tensor[]) : null;
    const biases = this.hasRecurrentBias ? this.stackRecurrentBiases() : null;

    const y = allocate(device, this.p.lastOnly ? [D, B, H] : [D, T, B, H]);
    let offset = 0;
    let previous: Chunk | null = null;
    for (const length of this.chunkLengths) {
      const chunk = this.prepare(x, offset, length);
      const hasInitial = this.carryStates(previous, chunk);
      const whole = this.p.lastOnly || length === T;
      const part = whole ? y : allocate(device, [D, length, B, H]);
      const bindings: Bindings<'sequence_forward'> = {
        recurrentKernel: this.recurrentKernels.storage,
        recurrentBias: storageOf(biases),
        flags: storageOf(this.flags),
        dropout: storageOf(this.dropout),
        gates: chunk.gates.storage,
        states: chunk.states.storage,
        y: part.storage,
      };
      device.run('sequence_forward', bindings, this.params(chunk, { hasInitial }), this.variant());
      if (!whole) {
        this.eachPart(chunk, (from, to, size) =>
          device.copy(part.storage, from, y.storage, to, size),
        );
        part.dispose();
      }
      if (recording) this.chunks.push(chunk);
      else {
        chunk.gates.dispose();
        previous?.states.dispose();
      }
      previous = chunk;
      offset += length;
    }
    const states = this.finalStates(previous!);
    if (!recording) previous!.states.dispose();
    return { y, states };
  }

  /**
   * @param dy gradient of y, or null
   * @param dstates by direction and state, gradients of the final states, or null
   */
  backward(
    x: Tensor,
    dy: Tensor | null,
    dstates: readonly (readonly (Tensor | null)[])[],
  ): { dx: Tensor | null; directions: DirectionGradients[] } {
    if (this.used)
      throw new Error(
        'recurrent: backward has run through this operation already and overwritten what it had saved; run it forward again',
      );
    this.used = true;
    const { device, B, T, H, D, directions } = this.p;
    const gradients = this.startGradients(dstates);
    const transposed = transpose(this.recurrentKernels!, [0, 2, 1]);
    const results = directions.map((direction): DirectionGradients => ({
      kernel: allocate(device, direction.kernel.shape),
      recurrentKernel: allocate(device, direction.recurrentKernel.shape),
      bias: direction.bias ? allocate(device, direction.bias.shape) : null,
      initialState: [],
    }));
    // In chunks the directions meet at different times, so each has its own.
    const chunked = this.chunks.length > 1;
    const count = x.tracked ? (chunked ? D : 1) : 0;
    const dxs = Array.from({ length: count }, () => allocate(device, x.shape));
    for (const chunk of [...this.chunks].reverse()) {
      const whole = this.p.lastOnly || chunk.length === T;
      const part = whole || !dy ? dy : allocate(device, [D, chunk.length, B, H]);
      if (!whole && dy && part)
        this.eachPart(chunk, (to, from, size) =>
          device.copy(dy.storage, from, part.storage, to, size),
        );
      const bindings: Bindings<'sequence_backward'> = {
        recurrentKernelT: transposed.storage,
        flags: storageOf(this.flags),
        dropout: storageOf(this.dropout),
        states: chunk.states.storage,
        dy: storageOf(part),
        gates: chunk.gates.storage,
        gradients: gradients.storage,
      };
      const overrides = dy ? {} : { yMode: Y.none };
      device.run('sequence_backward', bindings, this.params(chunk, overrides), this.variant());
      const accumulate = chunk !== this.chunks.at(-1);
      results.forEach((result, d) => {
        if (x.tracked) this.inputGradient(dxs[chunked ? d : 0], chunk, d);
        this.products(x, chunk, d, result, accumulate);
      });
      chunk.gates.dispose();
      chunk.states.dispose();
    }
    results.forEach((result, d) => {
      this.finishBias(result.bias);
      result.initialState = this.initialGradients(gradients, d);
    });
    return { dx: dxs.length === 2 ? sum(dxs[0], dxs[1]) : (dxs[0] ?? null), directions: results };
  }

  // ---- before the loop ----------------------------------------------------------------------------------------------

  private makeFlags(mask: Tensor): Tensor {
    const { device, B, T, D } = this.p;
    const flags = allocate(device, [1 + D, T, B], 'int32');
    device.run(
      'sequence_flags',
      { mask: mask.storage, flags: flags.storage },
      { T, B, D, reverse: this.reverseBits(), zeroMasked: Number(this.p.zeroMasked) },
    );
    return flags;
  }

  /** [D,3H] from the second rows of the biases [2,3H]. */
  private stackRecurrentBiases(): Tensor {
    const { device, directions, H } = this.p;
    const size = this.facts.GATES * H;
    const result = allocate(device, [directions.length, size]);
    directions.forEach(({ bias }, d) =>
      device.copy(bias!.storage, size, result.storage, d * size, size),
    );
    return result;
  }

  /** Room for a chunk, with x·W + b of its steps in the first G blocks of its gates. */
  private prepare(x: Tensor, offset: number, length: number): Chunk {
    const { device, B, I, H, D, directions } = this.p;
    const { GATES, SAVES, STATES } = this.facts;
    const chunk: Chunk = {
      offset,
      length,
      gates: allocate(device, [D, length, B, SAVES * H]),
      states: allocate(device, [D, STATES, length + 1, B, H]),
    };
    directions.forEach((direction, d) => {
      const input = this.inputOf(x, chunk, d);
      this.product(
        { a: input, b: direction.kernel, bias: direction.bias, out: chunk.gates },
        { M: length * B, N: GATES * H, K: I, lda: I, ldb: GATES * H, ldc: SAVES * H },
        { outOffset: d * length * B * SAVES * H, ...this.masked(chunk, d, 1) },
      );
      if (input !== x) input.dispose();
    });
    return chunk;
  }

  /** The chunk's steps of x, time-major: x itself where there is one chunk. */
  private inputOf(x: Tensor, chunk: Chunk, d: number): Tensor {
    const { device, B, I, T } = this.p;
    if (chunk.length === T) return x;
    const part = allocate(device, [chunk.length, B, I]);
    device.copy(x.storage, this.firstStep(chunk, d) * B * I, part.storage, 0, part.size);
    return part;
  }

  // ---- states ---------------------------------------------------------------------------------------------------------

  /** Puts the initial states into their slots; false where they are zero. */
  private carryStates(previous: Chunk | null, chunk: Chunk): boolean {
    const { device, directions } = this.p;
    if (!previous && directions.every((direction) => !direction.initialState)) return false;
    const { size } = this.slot(chunk, 0, 0, 0);
    directions.forEach(({ initialState, reverse }, d) => {
      for (let s = 0; s < this.facts.STATES; s++) {
        const to = this.slot(chunk, d, s, reverse ? chunk.length : 0).start;
        const from = previous && this.slot(previous, d, s, reverse ? 0 : previous.length).start;
        if (previous) device.copy(previous.states.storage, from!, chunk.states.storage, to, size);
        else if (initialState)
          device.copy(initialState[s].storage, 0, chunk.states.storage, to, size);
        else {
          const zero = zeros([size], 'float32', device);
          device.copy(zero.storage, 0, chunk.states.storage, to, size);
        }
      }
    });
    return true;
  }

  private finalStates(last: Chunk): Tensor[][] {
    const { device, directions, B, H } = this.p;
    return directions.map(({ reverse }, d) =>
      Array.from({ length: this.facts.STATES }, (_, s) => {
        const state = allocate(device, [B, H]);
        const { start, size } = this.slot(last, d, s, reverse ? 0 : last.length);
        device.copy(last.states.storage, start, state.storage, 0, size);
        return state;
      }),
    );
  }

  private slot(chunk: Chunk, d: number, s: number, index: number): { start: number; size: number } {
    const size = this.p.B * this.p.H;
    return { size, start: ((d * this.facts.STATES + s) * (chunk.length + 1) + index) * size };
  }

  /** [D,STATES+1,B,H]: gradients of the final states, zero where none arrived. */
  private startGradients(dstates: readonly (readonly (Tensor | null)[])[]): Tensor {
    const { device, B, H, D } = this.p;
    const { STATES } = this.facts;
    const gradients = zeros([D, STATES + 1, B, H], 'float32', device);
    dstates.forEach((list, d) =>
      list.forEach((gradient, s) => {
        if (gradient)
          device.copy(
            gradient.storage,
            0,
            gradients.storage,
            (d * (STATES + 1) + s) * B * H,
            B * H,
          );
      }),
    );
    return gradients;
  }

  private initialGradients(gradients: Tensor, d: number): Tensor[] {
    const { device, directions, B, H } = this.p;
    return (directions[d].initialState ?? []).map((_, s) => {
      const gradient = allocate(device, [B, H]);
      const start = (d * (this.facts.STATES + 1) + s) * B * H;
      device.copy(gradients.storage, start, gradient.storage, 0, B * H);
      return gradient;
    });
  }

  // ---- after the loop -------------------------------------------------------------------------------------------------

  /** dW, dR and db of a chunk from its gate gradients. */
  private products(
    x: Tensor,
    chunk: Chunk,
    d: number,
    result: DirectionGradients,
    accumulate: boolean,
  ): void {
    const { B, I, H, directions } = this.p;
    const { GATES, SAVES } = this.facts;
    const rows = chunk.length * B;
    const row = SAVES * H;
    const gates = d * rows * row;
    const { gates: dgates } = chunk;

    const input = this.inputOf(x, chunk, d);
    this.product(
      { a: input, b: dgates, bias: null, out: result.kernel },
      { M: I, N: GATES * H, K: rows, lda: I, ldb: row, ldc: GATES * H },
      { transA: 1, bOffset: gates, accumulate: Number(accumulate), ...this.masked(chunk, d, 2) },
    );
    if (input !== x) input.dispose();

    for (const block of recurrentBlocks(this.p.cell)) {
      const operand = this.operandOf(chunk, d, block.operandSlot);
      this.product(
        { a: operand.tensor, b: dgates, bias: null, out: result.recurrentKernel },
        { M: H, N: block.count * H, K: rows, lda: operand.row, ldb: row, ldc: GATES * H },
        {
          transA: 1,
          aOffset: operand.offset,
          bOffset: gates + block.slot * H,
          outOffset: block.gate * H,
          accumulate: Number(accumulate),
          ...this.masked(chunk, d, 2),
        },
      );
      if (operand.temporary) operand.tensor.dispose();
    }

    if (!directions[d].bias) return;
    const sumColumns = (slot: number, count: number, outOffset: number): void =>
      columnSum(this.p.device, {
        x: dgates.storage,
        rows,
        columns: count * H,
        rowStride: row,
        offset: gates + slot * H,
        out: result.bias!.storage,
        outOffset,
        accumulate,
        stages: 2,
      });
    sumColumns(0, GATES, 0);
    // Of the recurrent side's bias only n differs; z and r are copied at the end.
    if (this.hasRecurrentBias) sumColumns(3, 1, 5 * H);
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
    const { start } = this.slot(chunk, d, 0, directions[d].reverse ? 1 : 0);
    const mask = directions[d].recurrentDropout;
    if (!mask) return { tensor: chunk.states, offset: start, row: H, temporary: false };
    const states = allocate(device, [chunk.length, B, H]);
    device.copy(chunk.states.storage, start, states.storage, 0, states.size);
    return { tensor: mul(states, mask), offset: 0, row: H, temporary: true };
  }

  private inputGradient(dx: Tensor, chunk: Chunk, d: number): void {
    const { device, B, I, H, T, directions } = this.p;
    const { GATES, SAVES } = this.facts;
    const rows = chunk.length * B;
    const whole = chunk.length === T;
    const out = whole ? dx : allocate(device, [chunk.length, B, I]);
    this.product(
      { a: chunk.gates, b: directions[d].kernel, bias: null, out },
      { M: rows, N: I, K: GATES * H, lda: SAVES * H, ldb: GATES * H, ldc: I },
      {
        transB: 1,
        aOffset: d * rows * SAVES * H,
        accumulate: Number(whole && d > 0),
        ...this.masked(chunk, d, 1),
      },
    );
    if (whole) return;
    device.copy(out.storage, 0, dx.storage, this.firstStep(chunk, d) * B * I, out.size);
    out.dispose();
  }

  /** The recurrent side's gradients of z and r are the input side's. */
  private finishBias(bias: Tensor | null): void {
    const { device, H } = this.p;
    if (!bias || !this.hasRecurrentBias) return;
    const copy = allocate(device, [2 * H]);
    device.copy(bias.storage, 0, copy.storage, 0, 2 * H);
    device.copy(copy.storage, 0, bias.storage, 3 * H, 2 * H);
    copy.dispose();
  }

  // ---- parameters -----------------------------------------------------------------------------------------------------

  private params(
    chunk: Chunk,
    overrides: { hasInitial?: boolean; yMode?: number },
  ): Params<'sequence_forward'> {
    const { B, T, H, D, lastOnly } = this.p;
    const isLast = chunk.offset + chunk.length === T;
    const yMode = lastOnly ? (isLast ? Y.last : Y.none) : Y.all;
    return {
      T: chunk.length,
      B,
      H,
      D,
      total: T,
      offset: chunk.offset,
      reverse: this.reverseBits(),
      hasBias: Number(this.hasRecurrentBias),
      hasMask: Number(this.flags !== null),
      hasDropout: Number(this.dropout !== null),
      hasInitial: Number(overrides.hasInitial ?? true),
      yMode: overrides.yMode ?? yMode,
      processingOrder: Number(this.p.processingOrder),
      step: 0,
    };
  }

  private variant(): { cell: CellName; constants: FoldPlan['constants'] } {
    return { cell: this.p.cell, constants: this.p.constants };
  }

  private reverseBits(): number {
    return this.p.directions.reduce((bits, { reverse }, d) => bits | (Number(reverse) << d), 0);
  }

  /** The time step at which a direction's part of a chunk begins, in the order of time. */
  private firstStep(chunk: Chunk, d: number): number {
    const { offset, length } = chunk;
    return this.p.directions[d].reverse ? this.p.T - offset - length : offset;
  }

  /** Calls back with where each direction's outputs stand in a chunk and in the whole, in elements. */
  private eachPart(chunk: Chunk, visit: (part: number, whole: number, size: number) => void): void {
    const { B, H, T, D } = this.p;
    const size = chunk.length * B * H;
    for (let d = 0; d < D; d++) {
      const first = this.p.processingOrder ? chunk.offset : this.firstStep(chunk, d);
      visit(d * size, (d * T + first) * B * H, size);
    }
  }

  /** Masked steps cost the deferred products nothing: mode 1 masks the rows of the result, 2 the terms of the sum. */
  private masked(chunk: Chunk, d: number, mode: 1 | 2): { maskMode?: number; maskOffset?: number } {
    if (!this.flags) return {};
    return { maskMode: mode, maskOffset: this.firstStep(chunk, d) * this.p.B };
  }

  private product(
    tensors: { a: Tensor; b: Tensor; bias: Tensor | null; out: Tensor },
    sizes: { M: number; N: number; K: number; lda: number; ldb: number; ldc: number },
    options: Partial<Params<'matmul'>>,
  ): void {
    const { a, b, bias, out } = tensors;
    this.p.device.run(
      'matmul',
      {
        a: a.storage,
        b: b.storage,
        bias: storageOf(bias),
        rowMask: options.maskMode ? this.flags!.storage : null,
        out: out.storage,
      },
      { ...PRODUCT, ...sizes, hasBias: Number(bias !== null), ...options },
    );
  }
}

/** One product, nothing transposed, masked or accumulated. */
const PRODUCT = {
  batch: 1,
  transA: 0,
  transB: 0,
  aOffset: 0,
  bOffset: 0,
  outOffset: 0,
  aBatch: 0,
  bBatch: 0,
  outBatch: 0,
  accumulate: 0,
  biasBatch: 0,
  activation: 0,
  maskMode: 0,
  maskOffset: 0,
};

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

/**
 * Steps of each chunk: as few chunks of at most 256 steps as do, of nearly equal length; shorter where what a chunk saves
 * would not fit one binding.
 */
function chunkLengths(plan: FoldPlan, facts: { SAVES: number; STATES: number }): number[] {
  const { device, B, T, H, D } = plan;
  const step = 4 * D * B * H * Math.max(facts.SAVES, facts.STATES);
  // The states have a slot more than the chunk has steps.
  const fitting = Math.floor(device.limits.maxBindingBytes / step) - 1;
  if (fitting < 1)
    throw new Error(
      `recurrent: one time step of ${B} rows and ${H} units needs ${2 * step} bytes of saved gates, more than ` +
        `maxStorageBufferBindingSize, ${device.limits.maxBindingBytes} bytes: at most ` +
        `${Math.floor((B * device.limits.maxBindingBytes) / (2 * step))} rows fit`,
    );
  const longest = Math.min(device.sequence.chunk ?? CHUNK, fitting);
  const count = Math.ceil(T / longest);
  return Array.from(
    { length: count },
    (_, k) => Math.floor(((k + 1) * T) / count) - Math.floor((k * T) / count),
  );
}

/** Tensors of one shape one after the other, [n, ...shape]. A single one is not copied. */
function stack(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors;
  const shape: Shape = [tensors.length, ...first.shape];
  if (tensors.length === 1) return new Tensor(first.device, first.storage, shape);
  const result = allocate(first.device, shape);
  const size = sizeOf(first.shape);
  tensors.forEach((tensor, i) =>
    first.device.copy(tensor.storage, 0, result.storage, i * size, size),
  );
  return result;
}

function sum(a: Tensor, b: Tensor): Tensor {
  const out = allocate(a.device, a.shape);
  a.device.run('accumulate', { a: a.storage, b: b.storage, out: out.storage }, { size: a.size });
  return out;
}

function storageOf(tensor: Tensor | null): Storage | null {
  return tensor?.storage ?? null;
}
