/**
 * Twins of shaders/cells: the equations of each cell for one unit of one row, and their derivatives. A cell reads and
 * writes the unit's numbers in place.
 */
import type { CellName } from '../backend.ts';
import { activate, activateGradient } from './activations.ts';

/** What a cell sees of one unit at one step. */
export interface Unit {
  /** Codes of the two activations. */
  readonly act: number;
  readonly gateAct: number;
  /** Input side and recurrent side of each gate. */
  readonly x: number[];
  readonly h: number[];
  /** This unit's part of the first phase's left operand: its state h, times the dropout mask. */
  operand: number;
  /** States: forward turns the previous ones into the new ones. */
  readonly state: number[];
  /** What forward saves, and backward turns into gradients. */
  readonly saved: number[];
  /** Backward: states around the step, and the gradient of those after, which becomes that of those before. */
  readonly before: number[];
  readonly after: number[];
  readonly gradient: number[];
  /** Gradient of this unit's part of the later phase's operand. */
  back: number;
  /** What `back` leaves for the first phase's operand. */
  through: number;
}

export interface Cell {
  /** By phase: the gates whose recurrent products it needs. */
  readonly phases: readonly (readonly number[])[];
  /** The saved slot that holds, after backward, the gradient of a gate's recurrent product. */
  readonly slot: readonly number[];
  /** Returns this unit's part of the next phase's operand. */
  forward(phase: number, unit: Unit): number;
  backward(phase: number, unit: Unit): void;
}

const simple: Cell = {
  phases: [[0]],
  slot: [0],
  forward(_, u) {
    u.saved[0] = u.state[0] = activate(u.act, u.x[0] + u.h[0]);
    return 0;
  },
  backward(_, u) {
    u.saved[0] = u.gradient[0] * activateGradient(u.act, u.saved[0]);
    u.gradient[0] = 0;
  },
};

const lstm: Cell = {
  phases: [[0, 1, 2, 3]],
  slot: [0, 1, 2, 3],
  forward(_, u) {
    const i = activate(u.gateAct, u.x[0] + u.h[0]);
    const f = activate(u.gateAct, u.x[1] + u.h[1]);
    const g = activate(u.act, u.x[2] + u.h[2]);
    const o = activate(u.gateAct, u.x[3] + u.h[3]);
    const c = f * u.state[1] + i * g;
    assign(u.saved, [i, f, g, o]);
    assign(u.state, [o * activate(u.act, c), c]);
    return 0;
  },
  backward(_, u) {
    const [i, f, g, o] = u.saved;
    const squashed = activate(u.act, u.after[1]);
    const dh = u.gradient[0];
    const dc = u.gradient[1] + dh * o * activateGradient(u.act, squashed);
    assign(u.saved, [
      dc * g * activateGradient(u.gateAct, i),
      dc * u.before[1] * activateGradient(u.gateAct, f),
      dc * i * activateGradient(u.act, g),
      dh * squashed * activateGradient(u.gateAct, o),
    ]);
    assign(u.gradient, [0, dc * f]);
  },
};

const gru: Cell = {
  phases: [[0, 1, 2]],
  slot: [0, 1, 3],
  forward(_, u) {
    const z = activate(u.gateAct, u.x[0] + u.h[0]);
    const r = activate(u.gateAct, u.x[1] + u.h[1]);
    const n = activate(u.act, u.x[2] + r * u.h[2]);
    assign(u.saved, [z, r, n, u.h[2]]);
    u.state[0] = z * u.state[0] + (1 - z) * n;
    return 0;
  },
  backward(_, u) {
    const [z, r, n, recurrent] = u.saved;
    const dh = u.gradient[0];
    const dn = dh * (1 - z) * activateGradient(u.act, n);
    assign(u.saved, [
      dh * (u.before[0] - n) * activateGradient(u.gateAct, z),
      dn * recurrent * activateGradient(u.gateAct, r),
      dn,
      r * dn,
    ]);
    u.gradient[0] = dh * z;
  },
};

const gruResetBefore: Cell = {
  phases: [[0, 1], [2]],
  slot: [0, 1, 2],
  forward(phase, u) {
    if (phase === 0) {
      const r = activate(u.gateAct, u.x[1] + u.h[1]);
      u.saved[0] = activate(u.gateAct, u.x[0] + u.h[0]);
      u.saved[1] = r;
      return (u.saved[3] = r * u.operand);
    }
    const z = u.saved[0];
    const n = (u.saved[2] = activate(u.act, u.x[2] + u.h[2]));
    u.state[0] = z * u.state[0] + (1 - z) * n;
    return 0;
  },
  backward(phase, u) {
    if (phase === 1) {
      const [z, , n] = u.saved;
      const dh = u.gradient[0];
      u.saved[2] = dh * (1 - z) * activateGradient(u.act, n);
      u.saved[0] = dh * (u.before[0] - n) * activateGradient(u.gateAct, z);
      u.gradient[0] = dh * z;
      return;
    }
    const r = u.saved[1];
    u.saved[1] = u.back * u.operand * activateGradient(u.gateAct, r);
    u.through = u.back * r;
  },
};

function assign(target: number[], values: number[]): void {
  for (let i = 0; i < values.length; i++) target[i] = values[i];
}

export const CELL_TWINS: Record<CellName, Cell> = {
  simple,
  lstm,
  gru,
  gru_reset_before: gruResetBefore,
};
