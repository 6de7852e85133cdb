/**
 * The mechanics of a recurrent layer, time-major: for all steps x·W + b, then the fold; backward, the fold in reverse, then
 * dW, dR, db and dx as products over all steps. A long sequence is cut into chunks that own what they save, so that none of
 * it need fit one binding (x and y, the caller's tensors, do); the states are carried from chunk to chunk.
 */
import type { Bindings, Params, Variant } from '../backend.ts';
import { CELLS } from '../kernels.generated.ts';
import { allocate, fill, sizeOf, Tensor, zeros } from '../tensor.ts';
import type { Shape } from '../tensor.ts';
import { chunkLengths, firstStep, hasRecurrentBias, slotOf } from './fold_plan.ts';
import type { Carry, Chunk, FoldPlan } from './fold_plan.ts';
import { FoldProducts } from './fold_products.ts';
import type { DirectionGradients, Flags } from './fold_products.ts';
import { storageOf } from './operands.ts';
import { transpose } from './shape.ts';

const Y = { none: 0, last: 1, all: 2 } as const;

export class Fold {
  private readonly p: FoldPlan;
  private readonly facts: { SAVES: number; STATES: number };
  private readonly products: FoldProducts;
  /** int32 [1+D,T,B]: real steps, and by direction whose outputs count. */
  private readonly flags: Tensor | null;
  private readonly dropout: Tensor | null; // [D,B,H]
  private readonly recurrentKernels: Tensor; // [D,H,G·H]
  private readonly recurrentBiases: Tensor | null; // [D,3H]
  private readonly chunks: Chunk[] = [];
  private used = false;

  constructor(plan: FoldPlan) {
    const { directions, mask } = plan;
    this.p = plan;
    this.facts = CELLS[plan.cell];
    const made = mask ? this.makeFlags(mask) : null;
    this.flags = made?.flags ?? null;
    this.products = new FoldProducts(plan, made);
    this.recurrentKernels = stack(directions.map((direction) => direction.recurrentKernel));
    this.dropout = directions.some((direction) => direction.recurrentDropout)
      ? stack(
          directions.map(
            (direction) => direction.recurrentDropout ?? fill(plan.device, [plan.B, plan.H], 1),
          ),
        )
      : null;
    this.recurrentBiases = hasRecurrentBias(plan) ? this.stackRecurrentBiases() : null;
  }

  /** y [D,T,B,H] (or [D,B,H]) and, by direction, the final states. Keeps what backward needs if `recording`. */
  forward(x: Tensor, recording: boolean): { y: Tensor; states: Tensor[][] } {
    const { device, B, T, H, D } = this.p;
    const y = allocate(device, this.p.lastOnly ? [D, B, H] : [D, T, B, H]);
    let offset = 0;
    let previous: Chunk | null = null;
    for (const length of chunkLengths(this.p)) {
      const chunk = this.prepare(x, offset, length);
      const hasInitial = this.carryStates(previous, chunk);
      const whole = this.p.lastOnly || length === T;
      const part = whole ? y : allocate(device, [D, length, B, H]);
      const bindings: Bindings<'sequence_forward'> = {
        recurrentKernel: this.recurrentKernels.storage,
        recurrentBias: storageOf(this.recurrentBiases),
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
    const { carry } = this.p;
    const states = carry?.returned === false ? [] : this.finalStates(previous!);
    if (carry && !this.inPlace) this.carryOn(previous!, carry);
    if (!recording && !this.inPlace) previous!.states.dispose();
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
        `${this.p.name}: backward has run already and overwritten what was saved; run it forward again`,
      );
    this.used = true;
    const { device, B, T, H, D, directions } = this.p;
    const gradients = this.startGradients(dstates);
    const transposed = transpose(this.recurrentKernels, [0, 2, 1]);
    const results = directions.map((direction): DirectionGradients => ({
      kernel: gradientOf(direction.kernel),
      recurrentKernel: gradientOf(direction.recurrentKernel),
      bias: gradientOf(direction.bias),
      initialState: [],
    }));
    const dx = x.tracked ? allocate(device, x.shape) : null;
    // Directions meet at different times in chunks, and masked steps get nothing.
    const added = this.chunks.length > 1 || this.flags !== null;
    if (dx && added) device.zero(dx.storage);
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
        if (dx) this.products.input(dx, chunk, d, added || d > 0);
        this.products.weights(x, chunk, d, result, accumulate);
      });
      chunk.gates.dispose();
      chunk.states.dispose();
    }
    results.forEach((result, d) => {
      this.products.finishBias(result.bias);
      result.initialState = this.initialGradients(gradients, d);
    });
    return { dx, directions: results };
  }

  // ---- before the loop ----------------------------------------------------------------------------------------------

  private makeFlags(mask: Tensor): Flags {
    const { device, B, T, D, order } = this.p;
    const flags = allocate(device, [1 + D, T, B], 'int32');
    const counts = allocate(device, [T], 'int32');
    device.run(
      'sequence_flags',
      {
        mask: mask.storage,
        order: storageOf(order),
        flags: flags.storage,
        counts: counts.storage,
      },
      {
        T,
        B,
        D,
        reverse: this.reverseBits(),
        zeroMasked: Number(this.p.zeroMasked),
        continued: Number(this.p.carry !== null),
        ordered: Number(order !== null),
      },
    );
    return { flags, counts };
  }

  /** [D,3H] from the second rows of the biases [2,3H]. */
  private stackRecurrentBiases(): Tensor {
    const { device, directions, H } = this.p;
    const size = CELLS[this.p.cell].GATES * H;
    const result = allocate(device, [directions.length, size]);
    directions.forEach(({ bias }, d) =>
      device.copy(bias!.storage, size, result.storage, d * size, size),
    );
    return result;
  }

  /** Room for a chunk, with x·W + b of its steps in the first G blocks of its gates. */
  private prepare(x: Tensor, offset: number, length: number): Chunk {
    const { device, B, H, D } = this.p;
    const { SAVES, STATES } = this.facts;
    const chunk: Chunk = {
      offset,
      length,
      gates: allocate(device, [D, length, B, SAVES * H]),
      states: this.inPlace ? this.p.carry!.states : allocate(device, [D, STATES, length + 1, B, H]),
    };
    this.products.project(x, chunk);
    return chunk;
  }

  // ---- states ---------------------------------------------------------------------------------------------------------

  /** A single step of a stream: its two slots of each state are the two sides that the stream keeps. */
  private get inPlace(): boolean {
    return this.p.carry !== null && this.p.T === 1;
  }

  /** Puts the initial states into their slots; false where they are zero. */
  private carryStates(previous: Chunk | null, chunk: Chunk): boolean {
    const { device, directions, carry } = this.p;
    if (this.inPlace) return true;
    if (!previous && !carry && directions.every((direction) => !direction.initialState))
      return false;
    const { size } = slotOf(this.p, chunk, 0, 0, 0);
    directions.forEach(({ initialState, reverse }, d) => {
      for (let s = 0; s < this.facts.STATES; s++) {
        const to = slotOf(this.p, chunk, d, s, reverse ? chunk.length : 0).start;
        const from =
          previous && slotOf(this.p, previous, d, s, reverse ? 0 : previous.length).start;
        if (previous) device.copy(previous.states.storage, from!, chunk.states.storage, to, size);
        else if (carry)
          device.copy(
            carry.states.storage,
            (2 * s + carry.side) * size,
            chunk.states.storage,
            to,
            size,
          );
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

  /** Leaves the last states to the stream's next call. */
  private carryOn(last: Chunk, { states, side }: Carry): void {
    for (let s = 0; s < this.facts.STATES; s++) {
      const { start, size } = slotOf(this.p, last, 0, s, last.length);
      const to = (2 * s + 1 - side) * size;
      this.p.device.copy(last.states.storage, start, states.storage, to, size);
    }
  }

  private finalStates(last: Chunk): Tensor[][] {
    const { device, directions, B, H } = this.p;
    return directions.map(({ reverse }, d) =>
      Array.from({ length: this.facts.STATES }, (_, s) => {
        const state = allocate(device, [B, H]);
        const { start, size } = slotOf(this.p, last, d, s, reverse ? 0 : last.length);
        device.copy(last.states.storage, start, state.storage, 0, size);
        return state;
      }),
    );
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
      hasBias: Number(this.recurrentBiases !== null),
      hasMask: Number(this.flags !== null),
      hasDropout: Number(this.dropout !== null),
      hasInitial: Number(overrides.hasInitial ?? true),
      yMode: overrides.yMode ?? yMode,
      processingOrder: Number(this.p.processingOrder),
      step: 0,
    };
  }

  private variant(): Variant<'sequence_forward' | 'sequence_backward'> {
    return { slots: { cell: this.p.cell }, constants: this.p.constants };
  }

  private reverseBits(): number {
    return this.p.directions.reduce((bits, { reverse }, d) => bits | (Number(reverse) << d), 0);
  }

  /** Calls back with where each direction's outputs stand in a chunk and in the whole, in elements. */
  private eachPart(chunk: Chunk, visit: (part: number, whole: number, size: number) => void): void {
    const { B, H, T, D } = this.p;
    const size = chunk.length * B * H;
    for (let d = 0; d < D; d++) {
      const first = this.p.processingOrder ? chunk.offset : firstStep(this.p, chunk, d);
      visit(d * size, (d * T + first) * B * H, size);
    }
  }
}

/** Tensors of one shape one after the other, [n, ...shape]. A single one is not copied. */
function stack(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors;
  const shape: Shape = [tensors.length, ...first.shape];
  if (tensors.length === 1) return new Tensor(first.device, first.storage, shape);
  const result = allocate(first.device, shape, first.dtype);
  const size = sizeOf(first.shape);
  tensors.forEach((tensor, i) =>
    first.device.copy(tensor.storage, 0, result.storage, i * size, size),
  );
  return result;
}

/** Room for the gradient of a weight; null where it is absent or frozen. */
function gradientOf(weight: Tensor | null): Tensor | null {
  return weight?.tracked ? allocate(weight.device, weight.shape) : null;
}
