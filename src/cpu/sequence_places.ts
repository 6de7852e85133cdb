/** Where a row stands in memory, for the twins of the kernels in shaders/sequence/: shaders/lib/sequence.wgsl. */
import type { NumericArray, Params, Variant } from '../backend.ts';
import { CELLS } from '../kernels.generated.ts';
import type { CellFacts, MapName } from '../kernels.generated.ts';
import { mapFacts } from '../maps.ts';
import type { CellActivation, CellTwin, Unit } from './twin.ts';
import { CELL_TWINS, MAP_TWINS } from './slots.generated.ts';

const Y_LAST = 1;
const Y_ALL = 2;

type SequenceParams = Params<'sequence_forward'>;

/** The products of a phase, and where their weights stand. */
interface PhaseSizes {
  readonly first: number;
  readonly count: number;
  /** Units of the left operand, and of the result. */
  readonly operand: number;
  readonly result: number;
  /** In the recurrent kernel of a direction: the first weight, and elements from one unit of the operand to the next. */
  readonly origin: number;
  readonly row: number;
}

export class Places {
  readonly twin: CellTwin;
  readonly cell: CellFacts;
  readonly phases: readonly PhaseSizes[];
  /** Recurrent products of a step, a projection's included. */
  readonly products: number;
  readonly gates: number;
  readonly saves: number;
  readonly states: number;
  private readonly p: SequenceParams;
  private readonly act: CellActivation;
  private readonly gate: CellActivation;

  constructor(p: SequenceParams, { slots }: Variant<'sequence_forward'>) {
    const name = slots?.cell ?? 'simple';
    this.p = p;
    this.twin = CELL_TWINS[name];
    this.cell = CELLS[name];
    this.gates = this.cell.gates.length;
    this.saves = this.cell.saves.length;
    this.states = this.cell.states.length;
    this.products = this.cell.phases.reduce((sum, count) => sum + count, 0);
    this.phases = this.phaseSizes();
    this.act = activationOf(slots?.activation ?? 'tanh');
    this.gate = activationOf(slots?.recurrent_activation ?? 'sigmoid');
  }

  /** The units of a layer, with room for everything. */
  units(): Unit[] {
    const list = (length: number) => new Array<number>(length).fill(0);
    return Array.from({ length: this.p.H }, (_, index) => ({
      act: this.act,
      gate: this.gate,
      index,
      time: 0,
      weights: list(this.cell.unitWeights.length),
      x: list(this.gates),
      h: list(this.gates),
      operand: 0,
      state: list(this.states),
      saved: list(this.saves),
      before: list(this.states),
      after: list(this.states),
      gradient: list(this.states),
      back: 0,
      through: 0,
    }));
  }

  /** Gives the units their weights of direction d. */
  loadWeights(units: readonly Unit[], unitWeights: NumericArray, d: number): void {
    const { H } = this.p;
    for (const { weights, index } of units)
      for (let k = 0; k < weights.length; k++)
        weights[k] = unitWeights[(d * weights.length + k) * H + index];
  }

  /** Of every phase. */
  private phaseSizes(): PhaseSizes[] {
    const { phases, projection } = this.cell;
    const { H, P } = this.p;
    const products = this.products;
    return phases.map((count, phase) => {
      const first = phase === 0 ? 0 : phases[0];
      const projects = projection !== null && phase > 0;
      const [operand, result] = projects ? [H, P] : [P, H];
      const place = projection
        ? { origin: first * H * P, row: count * result }
        : { origin: first * H, row: products * H };
      return { first, count, operand, result, ...place };
    });
  }

  /** Behind a phase of forward: the moments that the cell declares there. */
  takeMoments(phase: number, units: readonly Unit[]): void {
    const found = this.cell.moments[phase];
    if (!found) return;
    const { mean, variance, slot, count } = found;
    const values = units.flatMap(({ saved }) => saved.slice(slot, slot + count));
    const middle = meanOf(values);
    const spread = meanOf(values.map((value) => (value - middle) ** 2));
    for (const { saved } of units) [saved[mean], saved[variance]] = [middle, spread];
  }

  /** Before a phase of backward: the means of what was left for the moments' gradients. */
  meanGradients(phase: number, units: readonly Unit[]): void {
    const found = this.cell.moments[phase];
    if (!found) return;
    for (const slot of [found.mean, found.variance]) {
      const mean = meanOf(units.map(({ saved }) => saved[slot]));
      for (const { saved } of units) saved[slot] = mean;
    }
  }

  private isReversed(d: number): boolean {
    return ((this.p.reverse >> d) & 1) === 1;
  }
  /** The time step of processing step s, counted from the chunk's first. */
  time(d: number, s: number): number {
    return this.isReversed(d) ? this.p.T - 1 - s : s;
  }
  slotBefore(d: number, t: number): number {
    return this.isReversed(d) ? t + 1 : t;
  }
  slotAfter(d: number, t: number): number {
    return this.isReversed(d) ? t : t + 1;
  }
  /** How processing step s is to be treated in row b. */
  step(flags: NumericArray, d: number, s: number, b: number) {
    const { hasMask, total, offset, T, B } = this.p;
    if (!hasMask) return { real: true, kept: true, time: offset + s };
    const start = this.isReversed(d) ? total - offset - T : offset;
    const at = (part: number) => flags[(part * total + start + this.time(d, s)) * B + b];
    return { real: at(0) !== 0, kept: at(1 + d) !== 0, time: at(1 + d) - 1 };
  }
  saved(d: number, t: number, b: number, slot: number, j: number): number {
    return (((d * this.p.T + t) * this.p.B + b) * this.saves + slot) * this.p.H + j;
  }
  state(d: number, q: number, slot: number, b: number, j: number): number {
    const { T, B, H } = this.p;
    return (((d * this.states + q) * (T + 1) + slot) * B + b) * H + j;
  }
  gradient(d: number, q: number, b: number, j: number): number {
    return ((d * (this.states + 1) + q) * this.p.B + b) * this.p.H + j;
  }
  /** Where y of processing step s stands; null where that step has none. */
  y(d: number, s: number, b: number, j: number): number | null {
    const { T, B, H, yMode, processingOrder } = this.p;
    const place = processingOrder === 1 ? s : this.time(d, s);
    if (yMode === Y_ALL) return ((d * T + place) * B + b) * H + j;
    return yMode === Y_LAST && s === T - 1 ? (d * B + b) * H + j : null;
  }
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** An activation with its constants. */
function activationOf(filler: MapName): CellActivation {
  const { name, fromValue, alpha, beta } = mapFacts(filler);
  const { map, gradient } = MAP_TWINS[name];
  const of = (x: number): number => map(x, alpha, beta);
  return {
    of,
    saved: (x, y) => (fromValue ? y : x),
    value: (saved) => (fromValue ? saved : of(saved)),
    slope: (saved) => gradient!(saved, alpha, beta),
  };
}
