/** What a recurrent operation computes at every step, for the host: gates and states, and the gradients of the states. */
import type { NumericArray } from '../backend.ts';
import { mapFacts } from '../maps.ts';
import { allocate } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { unary } from './elementwise.ts';
import { firstStep, slotOf } from './fold_plan.ts';
import type { Chunk, FoldPlan, FoldWatch } from './fold_plan.ts';
import { GATE_ACTIVATIONS } from './gate_activations.generated.ts';

/** Numbers on the host, row-major. */
export interface TraceArray {
  /** Row-major values. */
  readonly data: NumericArray;
  /** Extents of the axes. */
  readonly shape: readonly number[];
}
/** By name. @inline */
type Named = Readonly<Record<string, TraceArray>>;

/**
 * What a recurrent layer computed, by the names in its cell's declaration (`ARCHITECTURE.md`): gates `i f g o` and states `h c` of an
 * LSTM, gates `z r n` and state `h` of a GRU, gate `n` and state `h` of a SimpleRNN. Time is that of the input, in both directions.
 *
 * Layers on the scan: gates `z n` of minGRU, `f i n` of minLSTM, `f r n` of SRU, where n is the candidate, none of LRU, whose state is complex.
 * `rnn(cell)`: of a built-in cell the gates and states of its layer; of any other cell the states by `stateNames`, and `outputs`. In a stack, the
 * names of the cells stand in front.
 */
export interface Trace {
  /** [batch, time, units] each: the gates' values, as the cell uses them. NaN at masked steps, which compute none. */
  readonly gates: Named;
  /** [batch, time, units] each, h of a projection with fewer: the states after each step. A masked step repeats those before it. */
  readonly states: Named;
  /** Of a cell that goes step by step, and of a stack that ends in one, what it gives at every step, [batch, time, ...] each; else null. */
  readonly outputs: readonly TraceArray[] | null;
  /** 0 where a step is masked, [batch, time]; null where none is. */
  readonly mask: TraceArray | null;
  /**
   * With a loss L, for each state ∂L/∂(that state after the step) as [batch, time, units], the other states held fixed: through the
   * output of the step and through all later steps. The output of a cell that goes step by step counts where it is that state itself, and
   * not where the cell computes it from the state. Null without a loss.
   */
  readonly gradients: Named | null;
  /** The norm of each of these over the units (all axes behind the time), [batch, time]: |∂L/∂h_t| is `gradientNorms.h`. */
  readonly gradientNorms: Named | null;
}

/** What the caller knows of the operation: a plan may have more units. */
export interface TracedSizes {
  readonly units: number;
  /** Of the first state. */
  readonly outputUnits: number;
}

interface Kept {
  readonly plan: FoldPlan;
  readonly gates: Tensor; // [D,T,B,SAVES·H]
  readonly states: Tensor; // [D,STATES,T,B,H]
  readonly gradients: Tensor | null; // [D,STATES,T,B,H], but for what dy adds
}

export class FoldTrace implements FoldWatch {
  readonly steps: number;
  private readonly hasLoss: boolean;
  private readonly sizes: TracedSizes;
  private kept: Kept | null = null;
  private dy: Tensor | null = null;
  private wentBack = false;

  constructor(sizes: TracedSizes, hasLoss: boolean) {
    this.sizes = sizes;
    this.hasLoss = hasLoss;
    // The gradients between two steps are only there between two chunks.
    this.steps = hasLoss ? 1 : Infinity;
  }

  forward(plan: FoldPlan, chunk: Chunk): void {
    const { device, facts, directions, B, T, H, D } = plan;
    const row = B * facts.saves.length * H;
    const states = facts.states.length;
    this.kept ??= {
      plan,
      gates: allocate(device, [D, T, B, facts.saves.length * H]),
      states: allocate(device, [D, states, T, B, H]),
      gradients: this.hasLoss ? allocate(device, [D, states, T, B, H]) : null,
    };
    const { gates, states: kept } = this.kept;
    const { length } = chunk;
    directions.forEach(({ reverse }, d) => {
      const first = firstStep(plan, chunk, d);
      const to = (d * T + first) * row;
      device.copy(chunk.gates.storage, d * length * row, gates.storage, to, length * row);
      for (let s = 0; s < states; s++) {
        const { start, size } = slotOf(plan, chunk, d, s, reverse ? 0 : 1);
        const place = ((d * states + s) * T + first) * size;
        device.copy(chunk.states.storage, start, kept.storage, place, length * size);
      }
    });
  }

  backward(plan: FoldPlan, chunk: Chunk, gradients: Tensor, dy: Tensor | null): void {
    const { device, facts, directions, B, T, H } = plan;
    const states = facts.states.length;
    const size = B * H;
    this.dy = dy;
    this.wentBack = true;
    directions.forEach((_, d) => {
      for (let s = 0; s < states; s++) {
        const from = (d * (states + 1) + s) * size;
        const to = ((d * states + s) * T + firstStep(plan, chunk, d)) * size;
        device.copy(gradients.storage, from, this.kept!.gradients!.storage, to, size);
      }
    });
  }

  /**
   * What was seen, by direction. Call it in the scope that the operation ran in: all reads begin at once.
   *
   * @throws where the loss did not reach the operation
   */
  async read(layer: string): Promise<Trace[]> {
    if (this.hasLoss && !this.wentBack) throw unreached(layer);
    const { plan, gates, states, gradients } = this.kept!;
    const maps = GATE_ACTIVATIONS[plan.cell].map((slot) => {
      const map = slot && plan.variant.slots?.[slot];
      // Else the value itself is saved.
      return map && !mapFacts(map).fromValue ? map : null;
    });
    const distinct = [...new Set(maps)];
    const activated = distinct.map((map) => (map ? unary(map, gates) : gates));
    const [s, ds, dy, mask, order, ...values] = await Promise.all(
      [states, gradients, this.dy, plan.mask, plan.order, ...activated].map(
        (tensor) => tensor?.data() ?? Promise.resolve(null),
      ),
    );
    const byGate = maps.map((map) => values[distinct.indexOf(map)]!);
    const host = { gates: byGate, states: s!, gradients: ds, dy, mask, order };
    return plan.directions.map((_, d) => new DirectionTrace(plan, this.sizes, host, d).trace());
  }
}

/** What `read` has brought to the host, laid out as on the device. */
interface HostValues {
  /** By gate, all that is saved, with the values of that gate in it. */
  readonly gates: readonly NumericArray[];
  readonly states: NumericArray;
  readonly gradients: NumericArray | null;
  readonly dy: NumericArray | null;
  readonly mask: NumericArray | null;
  readonly order: NumericArray | null;
}

/** One direction's part of them, put into the caller's order of rows. */
class DirectionTrace {
  private readonly plan: FoldPlan;
  private readonly sizes: TracedSizes;
  private readonly host: HostValues;
  private readonly d: number;
  /** The place of each row of the batch. */
  private readonly places: number[];

  constructor(plan: FoldPlan, sizes: TracedSizes, host: HostValues, d: number) {
    this.plan = plan;
    this.sizes = sizes;
    this.host = host;
    this.d = d;
    this.places = Array.from({ length: plan.B }, (_, b) => b);
    host.order?.forEach((row, place) => (this.places[row] = place));
  }

  trace(): Trace {
    const { facts, B, T } = this.plan;
    const { gradients, mask } = this.host;
    const by = (names: readonly string[], of: (index: number, name: string) => TraceArray): Named =>
      Object.fromEntries(names.map((name, index) => [name, of(index, name)]));
    const changes = gradients && by(facts.states, (s) => this.gradient(s));
    return {
      gates: by(facts.gates, (k) => this.gate(k)),
      states: by(facts.states, (s) => this.state(this.host.states, s)),
      outputs: null,
      mask: mask && { data: mask, shape: [B, T] },
      gradients: changes,
      gradientNorms: changes && by(facts.states, (_, name) => stateNorms(changes[name])),
    };
  }

  private gate(k: number): TraceArray {
    const { facts, B, T, H } = this.plan;
    const width = this.sizes.units;
    const result = this.gather(this.host.gates[k], width, (t, place) => {
      const row = (this.d * T + t) * B + place;
      return (row * facts.saves.length + k) * H;
    });
    for (let step = 0; step < B * T; step++)
      if (!this.isReal(step)) result.data.fill(NaN, step * width, (step + 1) * width);
    return result;
  }

  private state(values: NumericArray, s: number): TraceArray {
    const { facts, B, T, H } = this.plan;
    const first = (this.d * facts.states.length + s) * T;
    return this.gather(values, this.widthOf(s), (t, place) => ((first + t) * B + place) * H);
  }

  /** What the kernel had before the step, and for h what came from the output. */
  private gradient(s: number): TraceArray {
    const { plan, host, d, places } = this;
    const width = this.widthOf(0);
    const { B, T, H, lastOnly, zeroMasked, processingOrder } = plan;
    const { dy } = host;
    const result = this.state(host.gradients!, s);
    if (s > 0 || !dy) return result;
    for (let b = 0; b < B; b++) {
      // The output of a masked step repeats that of the real step before it, or is zero.
      let begun = false;
      for (let n = 0; n < T; n++) {
        const t = plan.directions[d].reverse ? T - 1 - n : n;
        const real = this.isReal(b * T + t);
        begun ||= real;
        if (!(real || (begun && !zeroMasked)) || (lastOnly && n < T - 1)) continue;
        const step = lastOnly ? d : d * T + (processingOrder ? n : t);
        const from = (step * B + places[b]) * H;
        for (let j = 0; j < width; j++) result.data[(b * T + t) * width + j] += dy[from + j];
      }
    }
    return result;
  }

  private widthOf(s: number): number {
    return s === 0 ? this.sizes.outputUnits : this.sizes.units;
  }

  /** @param step b·T + t */
  private isReal(step: number): boolean {
    return !this.host.mask || this.host.mask[step] !== 0;
  }

  /** [B,T,width] of what begins `at(t, place)`. */
  private gather(
    values: NumericArray,
    width: number,
    at: (t: number, place: number) => number,
  ): TraceArray {
    const { B, T } = this.plan;
    const data = new (values.constructor as new (length: number) => NumericArray)(B * T * width);
    for (let b = 0; b < B; b++)
      for (let t = 0; t < T; t++) {
        const from = at(t, this.places[b]);
        data.set(values.subarray(from, from + width), (b * T + t) * width);
      }
    return { data, shape: [B, T, width] };
  }
}

/** Over all axes behind the batch and the time. */
export function stateNorms({ data, shape: [B, T] }: TraceArray): TraceArray {
  const result = new (data.constructor as new (length: number) => NumericArray)(B * T);
  const width = data.length / (B * T);
  for (let step = 0; step < B * T; step++)
    result[step] = Math.hypot(...data.subarray(step * width, (step + 1) * width));
  return { data: result, shape: [B, T] };
}

/** What a trace throws where the loss did not reach what is traced. */
export const unreached = (layer: string): Error =>
  new Error(
    `${layer}: expected a loss that depends on this layer's outputs, got one that does not`,
  );
