/** Where a row stands in memory, for the twins of the folds: shaders/lib/sequence.wgsl. */
import type { Params, Variant } from '../backend.ts';
import { ACTIVATION_CODES } from '../activation-codes.ts';
import { CELLS } from '../kernels.generated.ts';
import { CELL_TWINS } from './cells.ts';
import type { Cell, Unit } from './cells.ts';

export const Y_LAST = 1;
export const Y_ALL = 2;

type SequenceParams = Params<'sequence_forward'>;

export class Places {
  readonly cell: Cell;
  readonly gates: number;
  readonly saves: number;
  readonly states: number;
  private readonly p: SequenceParams;
  private readonly constants: Readonly<Record<string, number | undefined>>;

  constructor(p: SequenceParams, variant: Variant) {
    const name = variant.slots?.cell;
    if (!name) throw new Error('the sequence twins need a cell');
    this.p = p;
    this.cell = CELL_TWINS[name];
    this.gates = CELLS[name].GATES;
    this.saves = CELLS[name].SAVES;
    this.states = CELLS[name].STATES;
    this.constants = variant.constants ?? {};
  }

  /** A unit with room for everything. */
  unit(): Unit {
    const list = (length: number) => new Array<number>(length).fill(0);
    return {
      act: this.constants['ACTIVATION'] ?? ACTIVATION_CODES.tanh,
      gateAct: this.constants['RECURRENT_ACTIVATION'] ?? ACTIVATION_CODES.sigmoid,
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
    };
  }

  isReversed(d: number): boolean {
    return ((this.p.reverse >> d) & 1) === 1;
  }
  /** The time step of processing step s, counted from the chunk's first. */
  time(d: number, s: number): number {
    return this.isReversed(d) ? this.p.T - 1 - s : s;
  }
  /** Where y of processing step s goes. */
  place(d: number, s: number): number {
    return this.p.processingOrder === 1 ? s : this.time(d, s);
  }
  slotBefore(d: number, t: number): number {
    return this.isReversed(d) ? t + 1 : t;
  }
  slotAfter(d: number, t: number): number {
    return this.isReversed(d) ? t : t + 1;
  }
  /** Index of row b of time step t in block 0 (real steps) or 1+d (outputs that count) of the flags. */
  flag(block: number, d: number, t: number, b: number): number {
    const { total, offset, T, B } = this.p;
    const start = this.isReversed(d) ? total - offset - T : offset;
    return (block * total + start + t) * B + b;
  }
  gate(d: number, t: number, b: number, slot: number, j: number): number {
    return (((d * this.p.T + t) * this.p.B + b) * this.saves + slot) * this.p.H + j;
  }
  state(d: number, s: number, slot: number, b: number, j: number): number {
    const { T, B, H } = this.p;
    return (((d * this.states + s) * (T + 1) + slot) * B + b) * H + j;
  }
}
