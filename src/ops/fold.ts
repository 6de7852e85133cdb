/**
 * The mechanics of a recurrent operation, time-major: for all steps x·W + b, then the cell over time; backward, the cell in reverse,
 * then dW, dR, db and dx as products over all steps. A long sequence is cut into chunks that own what they save, so that none of it
 * need fit one binding (x and y, the caller's tensors, do); the states are carried from chunk to chunk.
 */
import type { Bindings, Params } from '../backend.ts';
import { allocate, fill, Tensor } from '../tensor.ts';
import type { Shape } from '../tensor.ts';
import { chunkLengths, firstStep, WEIGHTS } from './fold_plan.ts';
import type { Chunk, Direction, DirectionGradients, FoldPlan } from './fold_plan.ts';
import { FoldProducts } from './fold_products.ts';
import type { Flags } from './fold_products.ts';
import {
  carriedElapsed,
  carryStates,
  finalStates,
  initialGradients,
  isInPlace,
  leaveElapsed,
  leaveStates,
  startGradients,
} from './fold_states.ts';
import { storageOf } from './operands.ts';
import { transpose } from './shape.ts';
import { zoneoutParams } from './zoneout.ts';

const Y = { none: 0, last: 1, all: 2 } as const;

export class Fold {
  private readonly p: FoldPlan;
  private readonly products: FoldProducts;
  /** int32 [1+D,T,B]: real steps, and by direction whose outputs count. With zoneout and an order of rows, that behind them. */
  private readonly flags: Tensor | null;
  private readonly elapsedBefore: Tensor | null;
  /** int32 [B]: real steps of each row, with those before these; null where nothing was said of them. */
  readonly elapsed: Tensor | null;
  private readonly dropout: Tensor | null; // [D,B,H]
  private readonly recurrentKernels: Tensor | null; // [D,H,G·H], or by direction [P,G·H] and [H,P]
  private readonly recurrentBiases: Tensor | null; // [D,G·H]
  private readonly unitWeights: Tensor | null; // [D,U,H]
  private readonly chunks: Chunk[] = [];
  private used = false;

  constructor(plan: FoldPlan) {
    const { device, directions, mask, B, H } = plan;
    this.p = plan;
    this.elapsedBefore = carriedElapsed(plan) ?? plan.elapsed;
    this.elapsed = this.elapsedBefore && allocate(device, [B], 'int32');
    const made = mask || this.elapsed ? this.makeFlags() : null;
    this.flags = made?.flags ?? null;
    this.products = new FoldProducts(plan, made);
    this.recurrentKernels = plan.facts.projection
      ? joined(this.projectedKernels())
      : this.stacked(({ recurrentKernel }) => recurrentKernel);
    this.unitWeights = this.stacked(({ unitWeights }) => unitWeights);
    const drops = directions.some((direction) => direction.recurrentDropout);
    this.dropout = this.stacked(
      ({ recurrentDropout }) => recurrentDropout ?? (drops ? fill(device, [B, H], 1) : null),
    );
    this.recurrentBiases = plan.recurrentBias ? this.stackRecurrentBiases() : null;
  }

  /** y [D,T,B,H] (or [D,B,H]) and, by direction, the final states. Keeps what backward needs if `recording`. */
  forward(x: Tensor, recording: boolean): { y: Tensor; states: Tensor[][] } {
    const { device, B, T, H, D, carry, watch } = this.p;
    const y = allocate(device, this.p.lastOnly ? [D, B, H] : [D, T, B, H]);
    const inPlace = isInPlace(this.p);
    let offset = 0;
    let previous: Chunk | null = null;
    const keepsMade = recording && this.p.zoneout !== null;
    for (const length of chunkLengths(this.p)) {
      const chunk = this.prepare(x, offset, length, keepsMade);
      const hasInitial = carryStates(this.p, previous, chunk);
      const whole = this.p.lastOnly || length === T;
      const part = whole ? y : allocate(device, [D, length, B, H]);
      const bindings: Bindings<'sequence_forward'> = {
        recurrentKernel: storageOf(this.recurrentKernels),
        recurrentBias: storageOf(this.recurrentBiases),
        unitWeights: storageOf(this.unitWeights),
        flags: storageOf(this.flags),
        dropout: storageOf(this.dropout),
        gates: chunk.gates.storage,
        states: chunk.states.storage,
        y: part.storage,
      };
      const params = this.params(chunk, { hasInitial, keepsMade });
      device.run('sequence_forward', bindings, params, this.p.variant);
      watch?.forward(this.p, chunk);
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
    const states = carry?.returned === false ? [] : finalStates(this.p, previous!);
    leaveStates(this.p, previous!);
    leaveElapsed(this.p, this.elapsed);
    if (!recording && !inPlace) previous!.states.dispose();
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
    const { device, B, T, H, D, directions, watch } = this.p;
    const gradients = startGradients(this.p, dstates);
    const transposed = this.transposedKernels();
    const results = directions.map(gradientsOf);
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
        recurrentKernelT: storageOf(transposed),
        unitWeights: storageOf(this.unitWeights),
        flags: storageOf(this.flags),
        dropout: storageOf(this.dropout),
        states: chunk.states.storage,
        dy: storageOf(part),
        gates: chunk.gates.storage,
        gradients: gradients.storage,
      };
      watch?.backward(this.p, chunk, gradients, dy);
      const overrides = dy ? {} : { yMode: Y.none };
      device.run('sequence_backward', bindings, this.params(chunk, overrides), this.p.variant);
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
      result.initialState = initialGradients(this.p, gradients, d);
    });
    return { dx, directions: results };
  }

  // ---- before the loop ----------------------------------------------------------------------------------------------

  private makeFlags(): Flags {
    const { device, B, T, D, mask, zeroMasked, carry } = this.p;
    const { order, zoneout } = this.p;
    const size = (1 + D) * T * B;
    const flags = allocate(device, [size + (order && zoneout ? B : 0)], 'int32');
    if (order && zoneout) device.copy(order.storage, 0, flags.storage, size, B);
    const counts = allocate(device, [T], 'int32');
    device.run(
      'sequence_flags',
      {
        mask: storageOf(mask),
        order: storageOf(order),
        elapsed: storageOf(this.elapsedBefore),
        flags: flags.storage,
        counts: counts.storage,
        elapsedAfter: storageOf(this.elapsed),
      },
      {
        T,
        B,
        D,
        reverse: this.reverseBits(),
        zeroMasked: Number(zeroMasked),
        continued: Number(carry !== null),
        ordered: Number(order !== null),
        hasMask: Number(mask !== null),
        hasElapsed: Number(this.elapsed !== null),
      },
    );
    return { flags, counts };
  }

  /** By direction, the recurrent kernel and the projection. */
  private projectedKernels(): Tensor[] {
    return this.p.directions.flatMap(({ recurrentKernel, projection }) => [
      recurrentKernel!,
      projection!,
    ]);
  }

  /** Each kernel with its axes the other way round. */
  private transposedKernels(): Tensor | null {
    if (this.p.facts.projection)
      return joined(this.projectedKernels().map((kernel) => transpose(kernel, [1, 0])));
    return this.recurrentKernels && transpose(this.recurrentKernels, [0, 2, 1]);
  }

  /** [D,...] of what every direction has; null where none has it. */
  private stacked(of: (direction: Direction) => Tensor | null | undefined): Tensor | null {
    const tensors: Tensor[] = [];
    for (const direction of this.p.directions) {
      const found = of(direction);
      if (found) tensors.push(found);
    }
    return tensors.length > 0 ? stack(tensors) : null;
  }

  /** [D,G·H] from the second rows of the biases [2,G·H]. */
  private stackRecurrentBiases(): Tensor {
    const { device, directions, facts, H } = this.p;
    const size = facts.gates.length * H;
    const result = allocate(device, [directions.length, size]);
    directions.forEach(({ bias }, d) =>
      device.copy(bias!.storage, size, result.storage, d * size, size),
    );
    return result;
  }

  /** Room for a chunk, with x·W + b of its steps in the first G blocks of its gates. */
  private prepare(x: Tensor, offset: number, length: number, keepsMade: boolean): Chunk {
    const { device, B, H, D, facts, carry } = this.p;
    const chunk: Chunk = {
      offset,
      length,
      gates: allocate(device, [D, length, B, facts.saves.length * H]),
      states: isInPlace(this.p)
        ? carry!.states
        : allocate(device, [keepsMade ? 2 * D : D, facts.states.length, length + 1, B, H]),
    };
    this.products.project(x, chunk);
    return chunk;
  }

  // ---- parameters -----------------------------------------------------------------------------------------------------

  private params(
    chunk: Chunk,
    overrides: { hasInitial?: boolean; yMode?: number; keepsMade?: boolean },
  ): Params<'sequence_forward'> {
    const { B, T, H, P, D, lastOnly } = this.p;
    const isLast = chunk.offset + chunk.length === T;
    const yMode = lastOnly ? (isLast ? Y.last : Y.none) : Y.all;
    return {
      T: chunk.length,
      B,
      H,
      P,
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
      keepsMade: Number(overrides.keepsMade ?? false),
      ordered: Number(this.p.order !== null && this.p.zoneout !== null),
      ...zoneoutParams(this.p.zoneout),
    };
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

/** Tensors of one shape one after the other, [n, ...shape]; of int8, whose scales differ, as float32. A single one is not copied. */
function stack(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors;
  const shape: Shape = [tensors.length, ...first.shape];
  if (tensors.length === 1) return new Tensor(first.device, first.storage, shape);
  return new Tensor(first.device, joined(tensors).storage, shape);
}

/** All their elements, one tensor after the other. */
function joined(tensors: readonly Tensor[]): Tensor {
  const { device, dtype } = tensors[0];
  const length = tensors.reduce((sum, { size }) => sum + size, 0);
  const result = allocate(device, [length], dtype === 'int8' ? 'float32' : dtype);
  let place = 0;
  for (const { storage, size } of tensors) {
    device.copy(storage, 0, result.storage, place, size);
    place += size;
  }
  return result;
}

/** Room for the gradients of a direction's weights. */
function gradientsOf(direction: Direction): DirectionGradients {
  const found = WEIGHTS.map((name) => {
    const weight = direction[name];
    return [name, weight?.tracked ? allocate(weight.device, weight.shape) : null];
  });
  return { ...Object.fromEntries(found), initialState: [] } as DirectionGradients;
}
